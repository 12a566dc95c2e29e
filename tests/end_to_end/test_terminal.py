"""What a person at a terminal sees of a sync, on a pseudo-terminal of the system's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from tests.canaries import CANARIES
from tests.end_to_end.commands import REPOSITORY
from tests.end_to_end.crm import Crm
from tests.end_to_end.shop import Shop

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


def seen_at_a_terminal(shop: Shop, crm_url: str, *arguments: str) -> tuple[int, str]:
    """A sync whose standard error is a terminal; gives its exit code, and what was shown there."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        try:
            while part := os.read(ours, 65536):
                shown.append(part)
        except OSError:
            return  # the other end is closed

    reader = threading.Thread(target=read)
    reader.start()
    environment = {
        **os.environ,
        "CRM_URL": crm_url,
        "PYTHONPATH": str(REPOSITORY / "sync"),
        "TERM": "xterm",
        "COLUMNS": "120",
    }
    program = "from dbt_muster.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "sync", *arguments],
        cwd=shop.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    text = b"".join(shown).decode()
    CANARIES.look(text, "a terminal")
    return ended.returncode, text


def test_each_pair_has_its_bar_with_rows_of_rows_and_bars_go_when_all_is_done(shop: Shop) -> None:
    with Crm(seconds_a_batch=0.05) as crm:
        code, text = seen_at_a_terminal(shop, crm.url)
    assert code == 0
    everybody = len(shop.expected_at_crm())
    assert "fans:crm" in text
    assert "fans:exports" in text
    assert f"{everybody}/{everybody}" in text
    assert "\x1b[2K" in text


def test_json_shows_no_bars(shop: Shop) -> None:
    with Crm() as crm:
        assert seen_at_a_terminal(shop, crm.url, "--output", "json") == (0, "")
