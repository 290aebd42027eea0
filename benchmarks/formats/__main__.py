"""``python -m benchmarks.formats`` compares what is read from ``files/`` with its ``expected.yaml``.

``--files FOLDER`` reads another folder with an ``expected.yaml`` of the same form.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from qa.articles.load import load_file
from qa.english.document import Document
from qa.english.temporal.dates import parse_moment
from qa.model import Article

FILES = Path(__file__).parent / "files"
FIELDS = ("title", "day", "instant", "authors", "source", "url", "status")
QUOTES = str.maketrans("“”„«»‘’‚–—", '"""""\'\'\'--')


@dataclass
class Read:
    """One article as a reader gives it."""

    text: str
    title: str | None = None
    published: datetime | date | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    status: str = "current"


@dataclass
class Score:
    """Right and all, by what is counted."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool, message: str = "") -> None:
        """Count one case, and keep what is wrong with it."""
        self.right[name] += right
        self.of[name] += 1
        if not right and message:
            self.wrong.append(f"{name}: {message}")

    def share(self, name: str) -> str:
        """Return the share that is right."""
        return f"{self.right[name] / self.of[name]:.3f}" if self.of[name] else "-"


def plain(text: object) -> str:
    """Return text as it is compared: with straight quotation marks, and single spaces."""
    return re.sub(r"\s+", " ", str(text or "")).strip().translate(QUOTES).lower()


def dateline(path: Path, names: Mapping[str, str] | None = None) -> list[Read]:
    """Read a file with Dateline. ``names`` is what a user would give to ``--map``."""
    return [
        Read(a.text, a.title, a.published, a.authors, a.source, a.url, a.status)
        for a in load_file(path, names)
        if isinstance(a, Article)
    ]


def plain_trafilatura(path: Path) -> list[Read]:
    """Read a page with trafilatura alone."""
    import trafilatura

    found = trafilatura.bare_extraction(path.read_bytes(), with_metadata=True)
    if not found:
        return []
    authors = tuple(filter(None, re.split(r"\s*;\s*", found.author or "")))
    return [Read(found.text or "", found.title, parse_moment(found.date or ""), authors, found.sitename, found.url)]


def newspaper4k(path: Path) -> list[Read]:
    """Read a page with newspaper4k."""
    import newspaper

    page = newspaper.Article("https://unknown.example/")
    page.download(input_html=path.read_bytes().decode(errors="replace"))
    page.parse()
    name = page.meta_site_name or None
    return [Read(page.text, page.title, page.publish_date, tuple(page.authors), name, page.canonical_link or None)]


def score(one: dict[str, Any], read: Read | None, into: Score) -> None:
    """Compare one article with what is expected of it."""
    name = f"{one['file']} ({one.get('title')})"
    into.count("found", read is not None, name)
    if read is None:
        into.of["recall"] += len(one["body"])
        for what in FIELDS:
            into.count(what, False)
        return
    expected = {
        "title": plain(one.get("title")),
        "day": day(one.get("published")),
        "instant": moment(one.get("published")),
        "authors": tuple(map(plain, one.get("authors") or ())),
        "source": plain(one.get("source")),
        "url": plain(one.get("url")).rstrip("/"),
        "status": one.get("status", "current"),
    }
    got = {
        "title": plain(read.title),
        "day": day(read.published),
        "instant": moment(read.published),
        "authors": tuple(map(plain, read.authors)),
        "source": plain(read.source),
        "url": plain(read.url).rstrip("/"),
        "status": read.status,
    }
    for what in FIELDS:
        into.count(what, expected[what] == got[what], f"{name}: {got[what]!r}, not {expected[what]!r}")
    score_body(one, read, name, into)


def score_body(one: dict[str, Any], read: Read, name: str, into: Score) -> None:
    """Count the sentences of the story that were read, and those read that are of the story."""
    text = plain(read.text)
    lines = [plain(line) for line in read.text.splitlines()]
    for sentence in one["body"]:
        cells = [plain(cell) for cell in str(sentence).split(" | ")]
        there = plain(sentence) in text or (len(cells) > 1 and any(all(c in line for c in cells) for line in lines))
        into.count("recall", there, f"{name}: {sentence}")
    story = plain(" ".join(map(str, one["body"])))
    loose = [plain(sentence) for sentence in one.get("not_body") or ()]
    for sentence in Document(read.text).sentences:
        words = plain(sentence.text).removeprefix("- ")
        cells = re.split(r"; |: ", words)
        inside = words in story or (len(cells) > 1 and all(c in story for c in cells[1::2] or cells))
        if not inside and len(words.split()) <= 12 and not words.endswith((".", "!", "?", '"')) and words not in loose:
            continue  # a heading inside the story is neither
        into.count("precision", inside, f"{name}: {sentence.text[:150]}")


def day(value: object) -> str:
    """Return the day of a moment, in its own zone."""
    return str((parse_moment(value) if isinstance(value, str) else value) or "")[:10]


def moment(value: object) -> str:
    """Return a day or an instant as it is compared: instants in UTC."""
    if isinstance(value, str):
        value = parse_moment(value) or value
    if isinstance(value, datetime) and value.tzinfo:
        return str(int(value.timestamp()))  # no page shows fractions of a second
    return str(value or "")


def run(
    folder: Path, expected: Iterable[dict[str, Any]], reader: Callable[[Path], list[Read]]
) -> tuple[dict[str, Score], int]:
    """Read every file of a folder once. Returns the scores by kind, and how many non-articles were read."""
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in expected:
        by_file[one["file"]].append(one)
    scores: dict[str, Score] = defaultdict(Score)
    false = 0
    for name, articles in by_file.items():
        names = articles[0].get("map")
        found = dateline(folder / name, names) if names else reader(folder / name)
        for one in articles:
            if not one["article"]:
                false += bool(found)
                continue
            same = [read for read in found if len(articles) == 1 or plain(read.title) == plain(one.get("title"))]
            for kind in {"all", name.rpartition(".")[2]}:
                score(one, same[0] if same else None, scores[kind])
    return scores, false


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, default=FILES, help="the folder")
    parser.add_argument("--part", choices=["tune", "report", "all"], default="report")
    parser.add_argument("--peers", action="store_true", help="on the HTML pages, trafilatura and newspaper4k as well")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong")
    asked = parser.parse_args()
    expected = yaml.safe_load((asked.files / "expected.yaml").read_text("utf-8"))
    expected = [one for one in expected if asked.part in {"all", one["split"]}]
    readers: list[tuple[str, Callable[[Path], list[Read]], bool]] = [("dateline", dateline, False)]
    if asked.peers:
        readers += [(f.__name__, f, True) for f in (plain_trafilatura, newspaper4k)]
        readers.insert(0, ("dateline", dateline, True))
    columns = ("found", *FIELDS, "recall", "precision")
    print(f"{'':<28}" + "".join(f"{column:>11}" for column in columns))
    for name, reader, pages in readers:
        chosen = [one for one in expected if not pages or one["file"].endswith((".html", ".htm"))]
        scores, false = run(asked.files, chosen, reader)
        for kind in sorted(scores, key=lambda k: (k == "all", k)):
            counted = scores[kind]
            label = f"{name} {kind} ({counted.of['found']})"
            print(f"{label:<28}" + "".join(f"{counted.share(column):>11}" for column in columns))
        others = sum(not one["article"] for one in chosen)
        print(f"{name}: {false} of {others} files without an article were read as one")
        if asked.wrong:
            print("\n".join(scores["all"].wrong))


if __name__ == "__main__":
    main()
