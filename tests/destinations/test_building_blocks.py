"""What a destination of any package can be made of: files of rows, bodies by template, and signatures."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import ValidationError

from dbt_muster.destinations.authoring.bases import PlatformSettings
from dbt_muster.destinations.authoring.calls import Batch, Record, Run
from dbt_muster.destinations.authoring.errors import UsageError
from dbt_muster.destinations.authoring.files import RowFiles, RowSettings, Storage
from dbt_muster.destinations.authoring.webhooks import BodyTemplate, BodyText, SignedSettings, batch_values

RUN = Run("r1", "fans", "customer", 4, "delta", datetime(2026, 11, 23, 12), ("email",), batches=3)


class PostboxSettings(SignedSettings, PlatformSettings):
    """A platform's settings, with a signature and a body of the user's own."""

    letter: BodyText | None = None


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({}, "day/1.csv"),
        ({"compression": "gzip"}, "day/1.csv.gz"),
        ({"format": "jsonl"}, "day/1.jsonl"),
        ({"format": "parquet"}, "day/1.parquet"),
    ],
)
def test_files_of_rows_are_accounted_for_by_what_stands_in_them(
    tmp_path: Path, settings: dict[str, str], path: str
) -> None:
    files = RowFiles(Storage("out", root=tmp_path), RowSettings.model_validate(settings), ["key", "email"])
    files.write("day/1", [["1", "a@example.com"], ["2", None]])
    content = (tmp_path / "out" / path).read_bytes()
    assert files.written == [(path, 2, len(content), sha256(content).hexdigest())]


def test_a_column_of_json_lines_is_of_lists_once_one_was_written(tmp_path: Path) -> None:
    files = RowFiles(Storage("out", root=tmp_path), RowSettings(format="jsonl"), ["key", "email"])
    files.write("1", [["1", "a@example.com"]])
    assert files.columns() == [("key", "string"), ("email", "string")]
    files.write("2", [["2", ["b@example.com", "c@example.com"]]])
    files.write("3", [["3", None]])
    assert files.columns() == [("key", "string"), ("email", "list")]


def test_a_file_that_could_not_be_written_is_not_accounted_for(tmp_path: Path) -> None:
    class Full(Storage):
        def write(self, name: str, content: bytes) -> None:
            raise OSError(28, "No space left on device")

    files = RowFiles(Full("out", root=tmp_path), RowSettings(format="jsonl"), ["email"])
    with pytest.raises(OSError, match="No space"):
        files.write("1", [[["a@example.com", "b@example.com"]]])
    assert (files.written, files.columns()) == ([], [("email", "string")])


def test_an_address_that_cannot_be_opened_is_told_by_the_setting_that_has_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^drop: an address that starts with made-up://"):
        Storage("made-up://place", root=tmp_path, setting="drop")


def test_a_file_that_goes_by_a_number_never_goes_back(tmp_path: Path) -> None:
    storage = Storage("out", root=tmp_path)
    for number in (3, 5, 4):
        storage.write_newer("newest.json", {"day": number}, by="day")
    assert storage.read_json("newest.json") == {"day": 5}


def fill_and_fail(storage: Storage, *names: str) -> None:
    with storage.counting_by("done.json", "day"):
        for name in names:
            storage.write(name, b"{}")
        raise ZeroDivisionError


def test_a_folder_goes_where_filling_it_fails_before_the_file_that_it_counts_by(tmp_path: Path) -> None:
    storage = Storage("out", root=tmp_path)
    with pytest.raises(ZeroDivisionError):
        fill_and_fail(storage, "day/1.csv")
    assert not storage.exists("day/1.csv")
    assert storage.counts_by("done.json", "day") is False
    with pytest.raises(ZeroDivisionError):
        fill_and_fail(storage, "day/1.csv", "done.json")
    assert storage.exists("day/1.csv")
    assert storage.counts_by("done.json", "day") is True


def test_a_platform_may_sign_what_it_sends_with_a_secret_of_its_settings() -> None:
    signed = PostboxSettings.model_validate({"signature": "hub-sha256", "secret": "hidden"}).signed(
        "1", b"{}"
    )
    assert list(signed) == ["x-hub-signature-256"]
    assert PostboxSettings().signed("1", b"{}") == {}
    assert "secret" not in repr(
        PostboxSettings.model_validate({"secret": "whsec_aGlkZGVu"}).signed("1", b"{}")
    )


def test_a_setting_may_be_a_template_under_any_name() -> None:
    settings = PostboxSettings.model_validate({"letter": '{"to": {{ records[0].identifiers.email }}}'})
    batch = Batch(2, [Record("add", "1", {"email": 'a"b'})])
    body = BodyTemplate(str(settings.letter)).render(batch_values(RUN, batch))
    assert json.loads(body) == {"to": 'a"b'}


@pytest.mark.parametrize(
    ("letter", "complaint"), [("{{ nothing }}", "undefined"), ("{{", "not a template"), (3, "valid string")]
)
def test_a_setting_that_is_no_good_template_is_a_mistake_in_it(letter: object, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint) as raised:
        PostboxSettings.model_validate({"letter": letter})
    assert [each["loc"] for each in raised.value.errors()] == [("letter",)]
