"""Files that a reader can trust: formats, manifests, snapshots, and what a run that died leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest

from dbt_muster.destinations import Batch, Record, Run, UnknownOutcomeError
from dbt_muster.destinations.encoding import encode_csv
from dbt_muster.destinations.types.files import Files, FilesSettings, manifest_name
from dbt_muster.errors import UsageError
from tests.destinations.replay import manifests, replay

RUN = Run(
    id="20261123t120000_ab12cd34",
    audience="fans",
    entity="customer",
    sequence=7,
    mode="delta",
    started_at=datetime(2026, 11, 23, 12),
    identifiers=("email", "external_id"),
    batches=2,
)
ANN = Record("add", "1", {"email": "ann@example.com", "external_id": 'quo"te, and\nline'})
BOB = Record("add", "2", {"email": None, "external_id": ""})
HELD = {"1": dict(ANN.identifiers), "2": dict(BOB.identifiers)}


def files(tmp_path: Path, **settings: Any) -> Files:
    return Files("exports", FilesSettings.model_validate({"path": "exports", **settings}), root=tmp_path)


def deliver(destination: Files, run: Run, *batches: list[Record]) -> None:
    with destination.deliver(run) as delivery:
        for number, records in enumerate(batches, 1):
            delivery.send(Batch(number, records))
        delivery.finish()


@pytest.mark.parametrize("compression", ["none", "gzip"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_reader_of_the_manifests_holds_what_was_delivered(
    tmp_path: Path, form: str, compression: str
) -> None:
    deliver(files(tmp_path, format=form, compression=compression), RUN, [ANN], [BOB])
    assert replay(tmp_path / "exports", "fans") == HELD


def test_parquet_holds_what_was_delivered(tmp_path: Path) -> None:
    deliver(files(tmp_path, format="parquet"), RUN, [ANN], [BOB])
    assert replay(tmp_path / "exports", "fans") == HELD


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_several_values_are_a_list_where_a_cell_can_hold_one_and_the_text_of_one_elsewhere(
    form: str, tmp_path: Path
) -> None:
    several = Record("add", "1", {"email": ["a", "b"], "external_id": "x"})
    deliver(files(tmp_path, format=form), RUN, [several])
    (held,) = replay(tmp_path / "exports", "fans").values()
    (manifest,) = manifests(tmp_path / "exports", "fans")
    types = {column["name"]: column["type"] for column in manifest["schema"]}
    written: object = held["email"]
    expected = (["a", "b"], "list") if form == "jsonl" else ('["a", "b"]', "string")
    assert (written, types["email"]) == expected
    assert (held["external_id"], types["external_id"]) == ("x", "string")


def test_csv_is_quoted_where_it_has_to_be_and_null_differs_from_an_empty_text() -> None:
    rows: list[list[str | None]] = [
        ["add", "1", None, ""],
        ["add", 'a"b', "x,y", " z"],
        ["add", "=1+1", "line\nbreak", "é"],
    ]
    assert encode_csv(["_action", "_key", "email", "name"], rows).decode() == (
        '_action,_key,email,name\nadd,1,,""\nadd,"a""b","x,y"," z"\nadd,=1+1,"line\nbreak",é\n'
    )


def test_an_empty_delta_still_writes_a_manifest_so_that_silence_means_nothing_ran(tmp_path: Path) -> None:
    deliver(files(tmp_path), RUN)
    (manifest,) = manifests(tmp_path / "exports", "fans")
    assert manifest["files"] == []
    assert manifest["totals"] == {"add": 0, "change": 0, "remove": 0}


def test_the_manifest_names_the_run_its_order_and_its_schema(tmp_path: Path) -> None:
    deliver(files(tmp_path), replace(RUN, previous="before"), [ANN, BOB])
    (manifest,) = manifests(tmp_path / "exports", "fans")
    assert (manifest["run_id"], manifest["sequence"], manifest["previous_run_id"]) == (RUN.id, 7, "before")
    assert [column["name"] for column in manifest["schema"]] == ["_action", "_key", "email", "external_id"]
    assert manifest["files"][0]["path"] == f"fans/{RUN.id}/fans_delta_{RUN.id}_00001.csv"
    latest = json.loads((tmp_path / "exports/fans/latest.json").read_text())
    assert latest["manifest"] == manifest_name(RUN)


def test_changes_and_removals_are_replayed_in_order(tmp_path: Path) -> None:
    destination = files(tmp_path)
    deliver(destination, RUN, [ANN, BOB])
    change = Record("change", "2", {"email": "bob@example.com", "external_id": None})
    following = replace(RUN, id="later", sequence=8, previous=RUN.id)
    deliver(destination, following, [Record("remove", "1", ANN.identifiers)], [change])
    assert replay(tmp_path / "exports", "fans") == {"2": {"email": "bob@example.com", "external_id": None}}


def test_a_snapshot_stands_for_itself(tmp_path: Path) -> None:
    destination = files(tmp_path, mode="full")
    full = replace(RUN, mode="full")
    deliver(destination, full, [ANN, BOB])
    deliver(
        destination, replace(full, id="later", sequence=8, previous=RUN.id), [BOB._replace(action="keep")]
    )
    assert replay(tmp_path / "exports", "fans") == {"2": dict(BOB.identifiers)}
    assert manifests(tmp_path / "exports", "fans")[-1]["totals"] == {"members": 1}


def test_parts_of_a_run_that_died_are_removed_and_the_run_does_not_count(tmp_path: Path) -> None:
    destination = files(tmp_path)
    with destination.deliver(RUN) as delivery:
        delivery.send(Batch(1, [ANN]))
    assert destination.settle(RUN) is False
    assert [path for path in (tmp_path / "exports").rglob("*") if path.is_file()] == []
    assert destination.settle(RUN) is False


def test_a_run_that_died_after_its_manifest_counts_and_its_pointer_is_mended(tmp_path: Path) -> None:
    destination = files(tmp_path)
    deliver(destination, RUN, [ANN])
    (tmp_path / "exports/fans/latest.json").unlink()
    assert destination.settle(RUN) is True
    assert json.loads((tmp_path / "exports/fans/latest.json").read_text())["run_id"] == RUN.id


def test_the_pointer_never_goes_back_to_an_older_run(tmp_path: Path) -> None:
    destination = files(tmp_path)
    deliver(destination, RUN, [ANN])
    deliver(destination, replace(RUN, id="later", sequence=8), [BOB])
    assert destination.settle(RUN) is True
    assert json.loads((tmp_path / "exports/fans/latest.json").read_text())["run_id"] == "later"


def break_off(destination: Files) -> None:
    with destination.deliver(RUN) as delivery:
        delivery.send(Batch(1, [ANN]))
        raise ZeroDivisionError


def test_a_run_that_fails_takes_its_parts_away(tmp_path: Path) -> None:
    destination = files(tmp_path)
    with pytest.raises(ZeroDivisionError):
        break_off(destination)
    assert [path for path in (tmp_path / "exports").rglob("*") if path.is_file()] == []


def test_no_manifest_is_there_before_its_parts(tmp_path: Path) -> None:
    destination = files(tmp_path)
    with watched(tmp_path / "exports") as seen:
        deliver(destination, RUN, [ANN], [BOB])
    assert [kind for kind, _ in seen()] == ["part", "part", "manifest", "latest"]


def test_any_address_that_fsspec_knows_will_do(tmp_path: Path) -> None:
    address = f"memory://{uuid4().hex}/exports"
    destination = files(tmp_path, path=address)
    deliver(destination, RUN, [ANN])
    written = sorted(fsspec.filesystem("memory").find(address))
    assert [name.rpartition("/")[2] for name in written] == [
        f"fans_delta_{RUN.id}_00001.csv",
        "latest.json",
        f"0000000007_{RUN.id}.json",
    ]
    died = replace(RUN, id="died", sequence=8)
    with destination.deliver(died) as delivery:
        delivery.send(Batch(1, [BOB]))
    assert destination.settle(RUN) is True
    assert destination.settle(died) is False
    assert sorted(fsspec.filesystem("memory").find(address)) == written


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("made-up://me:hidden@place/exports", "starts with made-up://: fsspec knows no such protocol"),
        ("sftp://me:hidden@place:port/exports", "path: "),
    ],
)
def test_an_address_that_cannot_be_opened_is_a_mistake_and_not_shown(
    tmp_path: Path, address: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why) as raised:
        files(tmp_path, path=address)
    assert "hidden" not in str(raised.value)


def test_a_package_of_fsspec_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    with pytest.raises(UsageError, match=r"not installed here: Install s3fs to access S3\."):
        files(tmp_path, path="s3://bucket/exports")


def test_a_folder_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file")
    with pytest.raises(UnknownOutcomeError, match="exports cannot be used: Not a directory"):
        deliver(files(tmp_path), RUN, [ANN])


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    sums = []
    for folder in ("a", "b"):
        deliver(files(tmp_path, path=folder, compression="gzip"), RUN, [ANN, BOB])
        sums.append(manifests(tmp_path / folder, "fans")[0]["files"][0]["sha256"])
    assert sums[0] == sums[1]


@contextmanager
def watched(folder: Path) -> Iterator[Any]:
    """The files of a folder in the order that they came."""

    def kind(path: Path) -> str:
        return "latest" if path.name == "latest.json" else "manifest" if path.suffix == ".json" else "part"

    def seen() -> list[tuple[str, Path]]:
        there = [path for path in folder.rglob("*") if path.is_file()]
        return [(kind(path), path) for path in sorted(there, key=lambda path: path.stat().st_mtime_ns)]

    yield seen
