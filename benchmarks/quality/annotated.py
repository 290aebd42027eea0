"""Who said which words, and which day is meant, against articles that were annotated by hand.

    python -m benchmarks.quality.annotated ANNOTATIONS ARTICLES.jsonl [--wrong]

ANNOTATIONS is a folder of files NN.yaml, each for one article: its ``article`` (address), ``utterances`` (``words``,
``kind`` direct or reported, ``speaker`` or null), ``pronouns`` (``sentence``, its first words; ``pronoun``; ``means``)
and ``times`` (``words``, ``sentence``, ``means`` as a day, month, year or "first/last", or null where no days are
meant). ARTICLES.jsonl has ``url``, ``published`` and ``text``. Neither is part of this project. Files with an odd
number are for tuning, and only of them ``--wrong`` prints what is wrong; the others are only reported.

A speaker is *given* if words that are annotated share at least half of the shorter span with an utterance that has a
speaker. It is right if it is the same person, or the same words without an article. A day is right if first and last
day are. What is given where nothing is to be given lowers the precision.
"""

from __future__ import annotations

import argparse
import json
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from qa.articles.parse import ParsedArticle, parse
from qa.english.speech import Utterance, same_person
from qa.model import Article

HALF = 0.5


class Outcome(NamedTuple):
    """What became of one annotation: its ``measure``, and "right", "wrong", "needless", "open" or "rightly open".

    Needless is what is given where nothing is to be given. "As written" is a speaker whom the article names, given by
    words that name nobody ("the father"): neither right nor wrong.
    """

    measure: str
    outcome: str
    detail: str


def same_speaker(found: str | None, wanted: str) -> bool:
    """Whether two names are one speaker."""
    return same_person(found or "", wanted) or _plain(found or "") == _plain(wanted)


def _plain(name: str) -> str:
    return re.sub(r"^(?:the|an?) ", "", name.lower()).strip()


def read(folder: Path, articles: Path) -> Iterator[tuple[bool, dict[str, Any], ParsedArticle]]:
    """Yield the annotated articles: whether it is for tuning, the annotations, and the article as Dateline reads it."""
    rows = {row["url"]: row for row in map(json.loads, articles.read_text(encoding="utf-8").splitlines())}
    for file in sorted(folder.glob("[0-9][0-9].yaml")):
        noted = yaml.safe_load(file.read_text(encoding="utf-8"))
        row = rows[noted["article"]]
        article = Article(
            id=file.stem,
            version="1",
            title=row["title"],
            text=row["text"],
            published=date.fromisoformat(row["published"]),
        )
        yield int(file.stem) % 2 == 1, noted, parse(article)


def spans(text: str, words: str) -> tuple[int, int] | None:
    """Where annotated words stand in a text (code points); "A … B" runs from A to the next B. None: they do not."""
    first, _, last = words.strip().partition(" … ")
    start = text.find(first)
    if start < 0:
        return None
    end = text.find(last, start + len(first)) if last else start
    return (start, (end if last else start) + len(last or first)) if end >= 0 else None


def speakers(noted: dict[str, Any], parsed: ParsedArticle) -> Iterator[Outcome]:
    """Compare the speakers of the annotated words, and yield what is said where nothing is annotated."""
    text, found = parsed.document.text, parsed.document.utterances
    met: set[Utterance] = set()
    for one in noted.get("utterances") or ():
        place = spans(text, one["words"])
        kind = one["kind"]
        if place is None:
            yield Outcome(f"{kind} speech", "not in the text", one["words"])
            continue
        start, end = place
        same = [u for u in found if min(u.end, end) - max(u.start, start) >= HALF * min(u.end - u.start, end - start)]
        met |= set(same)
        given, wanted = [u for u in same if u.speaker], one["speaker"]
        detail = f"{wanted} <- {[u.speaker for u in given]}: {one['words'][:70]}"
        if not wanted:
            named = any(not u.anonymous for u in given)
            yield Outcome(f"{kind} speech", "needless" if named else "rightly open", detail)
        elif any(same_speaker(u.speaker, wanted) for u in given):
            yield Outcome(f"{kind} speech", "right", detail)
        else:
            written = given and all(u.anonymous for u in given)
            yield Outcome(f"{kind} speech", "as written" if written else "wrong" if given else "open", detail)
    for u in found:
        if u not in met and u.speaker:
            yield Outcome("speech that is not annotated", "given", f"{u.speaker}: {text[u.start : u.end][:90]}")


def pronouns(noted: dict[str, Any], parsed: ParsedArticle) -> Iterator[Outcome]:
    """Compare whom "he said" means, where an annotated pronoun is who speaks."""
    for one in noted.get("pronouns") or ():
        sentence = next((s for s in parsed.sentences if s.text.startswith(one["sentence"])), None)
        if sentence is None:
            continue
        pronoun = str(one["pronoun"]).lower()
        said = [u for u in parsed.document.utterances if u.said_in == sentence.index and u.words.lower() == pronoun]
        if said:
            name, wanted = said[0].speaker, one["means"]
            outcome = "open" if name is None else "right" if wanted and same_speaker(name, wanted) else "wrong"
            yield Outcome("pronouns that speak", outcome, f"{wanted} <- {name}: {sentence.text[:90]}")


def times(noted: dict[str, Any], parsed: ParsedArticle) -> Iterator[Outcome]:
    """Compare the days of the story; its dateline is none of them. Yield what is given where nothing is annotated."""
    text, found = parsed.document.text, parsed.document.times
    met: set[int] = set()
    reached: Counter[tuple[str, str]] = Counter()
    for one in noted.get("times") or ():
        opening, words = one["sentence"].strip(), one["words"]
        sentence = next((s for s in parsed.sentences if s.text.startswith(opening)), None)
        begin = sentence.start if sentence else text.find(opening)
        if begin < 0 or begin < parsed.document.body_start or text.lstrip().split("\n")[0].strip() == words:
            continue
        at = text.find(words, max(begin, reached[opening, words]))
        if at < 0:
            continue
        reached[opening, words] = at + 1
        here = [t for t in found if min(t.end, at + len(words)) > max(t.start, at)]
        met |= {t.start for t in here}
        days = range_of(one["means"])
        got = (min(t.when.start for t in here), max(t.when.end for t in here)) if here else None
        if days is None:
            outcome = "rightly open" if got is None else "needless"
        else:
            outcome = "open" if got is None else "right" if got == days else "wrong"
        yield Outcome("days", outcome, f"{words} = {one['means']} <- {got}: {text[begin : begin + 100]}")
    for t in found:
        if t.start not in met:
            yield Outcome("days that are not annotated", "given", f"{t.when.words} {t.when.start} {t.when.end}")


def range_of(means: str | int | date | None) -> tuple[date, date] | None:
    """The first and the last day of "2019-04-27", "2019-04", "2019" and "2019-04-05/2019-04-06"; None for None."""
    if means is None:
        return None
    first, _, last = str(means).partition("/")
    return _ends(first)[0], _ends(last or first)[1]


def _ends(words: str) -> tuple[date, date]:
    parts = [int(part) for part in words.split("-")]
    year, month, day = parts[0], (parts[1] if len(parts) > 1 else None), (parts[2] if len(parts) > 2 else None)
    last_month = month or 12
    last = day or monthrange(year, last_month)[1]
    return date(year, month or 1, day or 1), date(year, last_month, last)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Write the lines of the table: for each measure its counts, precision and recall."""
    for measure in dict.fromkeys(sorted(o.measure for o in outcomes)):
        counts = Counter(o.outcome for o in outcomes if o.measure == measure)
        given = counts["right"] + counts["wrong"] + counts["needless"]
        wanted = counts["right"] + counts["wrong"] + counts["open"] + counts["as written"]
        shares = f"precision {counts['right'] / given:.3f}, " if given else ""
        shares += f"of those to be given {counts['right'] / wanted:.3f}" if wanted else ""
        yield f"{measure:30} {', '.join(f'{n} {what}' for what, n in sorted(counts.items())):60} {shares}"


def main() -> None:
    """Print the tables of both halves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print what is wrong in the half for tuning")
    given = parser.parse_args()
    halves: dict[bool, list[Outcome]] = {True: [], False: []}
    for tuning, noted, parsed in read(given.annotations, given.articles):
        made = [*speakers(noted, parsed), *pronouns(noted, parsed), *times(noted, parsed)]
        halves[tuning] += made
        if tuning and given.wrong:
            for one in made:
                if one.outcome not in ("right", "rightly open"):
                    print(f"{parsed.id} {one.measure}, {one.outcome}: {one.detail}")
    for tuning, outcomes in halves.items():
        print("tune" if tuning else "report", *table(outcomes), sep="\n  ")


if __name__ == "__main__":
    main()
