"""A PostgreSQL server for the tests: started once in a folder of its own, on a Unix socket, and stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_ROOT = ("postgres", "nobody")  # PostgreSQL does not run as root
# Faster, because the tests lose nothing if the machine stops. A killed client is not affected by it.
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=128MB",
    "max_locks_per_transaction=256",
)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version if there are several. None if there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


@contextmanager
def running(settings: tuple[str, ...] = SETTINGS, kept: Path | None = None) -> Iterator[str]:
    """Start a server, yield the address of its database, and stop it. Its data are deleted, or kept in a folder."""
    folder = programs()
    assert folder is not None, "PostgreSQL is not installed"
    account = next(pwd.getpwnam(name) for name in NOT_ROOT) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    who = {"user": account.pw_uid, "group": account.pw_gid} if os.getuid() == 0 else {}
    home = kept or Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    home.mkdir(exist_ok=True)
    try:
        if who:
            os.chown(home, account.pw_uid, account.pw_gid)
        home.chmod(0o755)  # the socket must be reachable
        data, log = home / "data", home / "log"
        if not data.exists():
            initdb = [folder / "initdb", "-D", data, "-U", "dateline", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
            subprocess.run(initdb, check=True, capture_output=True, cwd=home, **who)
        options = " ".join(f"-c {one}" for one in (f"unix_socket_directories={home}", "listen_addresses=''", *settings))
        start = [folder / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=home, **who)
        try:
            yield f"postgresql://dateline@/postgres?host={home}"
        finally:
            how = "fast" if kept else "immediate"
            stop = [folder / "pg_ctl", "-D", data, "-m", how, "-w", "-t", "600", "stop"]
            subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd=home, **who)
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)
