"""Full and read-only disks, tested on a real file system of a few megabytes.

Errors are typed, questions are still answered, and nothing that was stored is lost.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import killing
import pytest
from test_kills import FRESH, report_of

from qa import answer, manage, pipeline
from qa.errors import LibraryError, QAError
from qa.library import index, maintenance
from qa.library.library import Library
from qa.model import Article
from qa.settings import Settings

pytestmark = pytest.mark.usefixtures("ask_chroma")

MEGABYTES = 24
ROOM_AT = [  # kilobytes free when the ingest begins: from none to almost enough
    0, 4, 16, 40, 72, 100, 150, 220, 300, 400, 550, 700, 900, 1_200, 1_600, 2_100, 2_800, 3_600, 4_500, 5_500
]  # fmt: skip
QUESTION = "Where was the tin lantern found?"
LANTERN = Article(id="lantern", version="1", text="The tin lantern was found at pier nine, the warden said.")


def mounted(folder: Path, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", ",".join([f"size={MEGABYTES}m", *options]), "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system with a library on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or not mounted(folder):
        pytest.skip("mounting a small file system needs root on Linux")
    try:
        manage.ingest(LANTERN, settings=Settings(library=folder / "lib", offline=True))
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def leave_room(disk: Path, kilobytes: int) -> Path:
    """Fill the disk until only ``kilobytes`` are free, and return the file that fills it."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free - kilobytes * 1024
    with ballast.open("wb") as file:
        file.write(b"\0" * free)
    return ballast


def try_to_ingest(settings: Settings) -> str:
    """Try to ingest many articles, and return the warnings or the error."""
    try:
        return " ".join(manage.ingest(killing.corpus(1), settings=settings).warnings)
    except LibraryError as error:
        return str(error)


def assert_still_answers(settings: Settings) -> None:
    result = answer(QUESTION, settings=settings)
    assert result.citations[0].quote.startswith("The tin lantern was found at pier nine")
    with closing(Library(settings.library)) as library:
        assert maintenance.faults(library) == []


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", ROOM_AT)
def test_an_ingest_that_fills_the_disk_loses_nothing(
    disk: Path, kilobytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.ingestion.BATCH", 50)
    monkeypatch.setattr(index, "BATCH", 100)
    settings = Settings(library=disk / "lib", offline=True)
    ballast = leave_room(disk, kilobytes)
    message = try_to_ingest(settings)
    assert "room" in message or "the index is not" in message
    assert_still_answers(settings)
    ballast.unlink()
    assert manage.ingest(killing.corpus(1), settings=settings).warnings == ()
    assert_still_answers(settings)
    opened = pipeline.opened_index(settings.library)
    assert opened
    assert opened.state == "chroma"
    with closing(Library(settings.library)) as library:
        assert len(library.versions()) == killing.ARTICLES + 1


def test_on_a_full_disk_backups_and_new_libraries_fail_with_a_remedy(disk: Path) -> None:
    settings = Settings(library=disk / "lib", offline=True)
    leave_room(disk, 8)
    with pytest.raises(LibraryError, match="room"):
        manage.backup(disk / "backup", settings=settings)
    assert not list(disk.glob("backup*"))
    with pytest.raises(LibraryError, match=r"room|full"):
        manage.ingest(LANTERN, settings=Settings(library=disk / "new", offline=True))
    assert_still_answers(settings)


def test_a_library_on_a_read_only_disk_answers_questions_and_refuses_changes(disk: Path) -> None:
    settings = Settings(library=disk / "lib", offline=True)
    pipeline.close_all()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert_still_answers(settings)
    for change in (
        lambda: manage.ingest(killing.corpus(1)[:3], settings=settings),
        lambda: manage.remove(["lantern"], settings=settings),
        lambda: manage.ingest(LANTERN, settings=Settings(library=disk / "new", offline=True)),
    ):
        with pytest.raises(QAError, match=r"permissions|read-only|Read-only"):
            change()
    pipeline.close_all()
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert manage.ingest(killing.corpus(1)[:3], settings=settings).added == 3


def test_a_library_left_by_a_killed_process_can_be_read_on_a_full_disk(disk: Path, tmp_path: Path) -> None:
    victim = FRESH.Process(
        target=killing.victim, args=(disk / "lib", killing.Kill("first", "after a commit", 2), tmp_path / "committed")
    )
    victim.start()
    victim.join(60)
    leave_room(disk, 0)
    committed = dict(line.split() for line in (tmp_path / "committed").read_text().splitlines())
    assert len(committed) == 2 * killing.TRANSACTION
    report_of(killing.witness, disk / "lib", committed, report=tmp_path / "report")
