"""How often each rule for speakers and days abstains, so that precision is not bought by silence.

    python -m benchmarks.quality.abstains [ARTICLES.jsonl] [--limit 100]

The first table is over the project's own annotated sets (``tests/speech``, ``tests/temporal``), where it is also
counted how many of the resolved ones are wrong. With ARTICLES.jsonl (``url``, ``published``, ``text`` a line), the
second is over the first articles by address. What the columns say:

    resolved     a name of the article, or days
    as written   who speaks is called what the article calls them ("two officials", "his office"), and is no name
    open         several may be meant, and the candidates are given
    silent       nothing is given: nobody fits, or the words name no day
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from qa.articles.load import load_file
from qa.articles.parse import ParsedArticle, parse
from qa.english.lexicon import ARTICLES, COUNTS, DEMONSTRATIVES, PARTITIVES, POSSESSIVES, SUBJECT_PRONOUNS
from qa.english.quotations import find_quotations
from qa.english.speech import Utterance
from qa.english.temporal.expressions import read_times
from qa.english.temporal.grammar import scan
from qa.model import Article

from .annotated import HALF, same_speaker, spans

ROOT = Path(__file__).parents[2]
OUTCOMES = ("resolved", "as written", "open", "silent", "wrong")
UNKNOWN = ("unknown", "nobody")  # speakers whom a text does not settle
SETS = {"speech": ("dev", "report", "kinds", "shapes"), "temporal": ("dev", "report", "kinds", "shapes")}
FORMS = {
    "date": "12 March",
    "weekday": "Monday",
    "near": "today, yesterday",
    "month": "March",
    "running": "last week, this month",
    "ago": "two days ago",
    "later": "two days later",
    "hence": "in two days’ time",
    "told": "the same day, that night",
    "weekend": "the weekend",
    "overnight": "overnight",
    "quarter": "the second quarter",
    "season": "summer",
    "year": "2019",
    "figures": "03/04/2019",
}


class Case(NamedTuple):
    """One place where a rule had to decide: its ``form``, and its outcome."""

    form: str
    outcome: str


class Gold(NamedTuple):
    """Annotated words of an article at ``start:end``, and who says them; None where the text does not settle it."""

    start: int
    end: int
    speaker: str | None


def form_of(said: Utterance) -> str:
    """What kind of words call the speaker."""
    lower = said.words.lower()
    first = lower.split()[0] if lower else ""
    if lower in SUBJECT_PRONOUNS:
        return "“he”, “she”" if lower in ("he", "she") else "“it”" if lower == "it" else "other pronouns"
    if first in ARTICLES - {"the"} | COUNTS | PARTITIVES:
        return "“a nurse”, “two officials”"
    return "“the minister”, “his office”" if first in {"the"} | DEMONSTRATIVES | POSSESSIVES else "names, bare nouns"


def outcome_of(said: Utterance) -> str:
    """What became of the speaker."""
    if said.speaker is None:
        return "open" if said.candidates else "silent"
    return (
        "as written"
        if said.anonymous or (said.speaker.lower() in said.words.lower() and said.speaker.islower())
        else "resolved"
    )


def speakers(parsed: ParsedArticle, gold: Iterable[Gold] | None) -> Iterator[Case]:
    """Yield one case for each place where somebody is said to speak, and for each quotation nobody is said to speak."""
    utterances = parsed.document.utterances
    seen: set[tuple[int, str]] = set()
    for said in utterances:
        wrong = gold is not None and _is_wrong(said, gold)
        if wrong:
            yield Case(form_of(said), "wrong")
        if (said.said_in, said.words) not in seen:
            seen.add((said.said_in, said.words))
            yield Case(form_of(said), outcome_of(said))
    for quote in find_quotations(parsed.document.text):
        if not any(u.start < quote.end and quote.start < u.end and u.attribution == "direct" for u in utterances):
            yield Case("quotations without a speaker", "silent")


def _is_wrong(said: Utterance, gold: Iterable[Gold]) -> bool:
    """Whether the words are annotated, and a name is given that no annotation of them has."""
    if said.speaker is None or said.anonymous:
        return False
    same = [
        one
        for one in gold
        if min(said.end, one.end) - max(said.start, one.start) >= HALF * max(said.end - said.start, one.end - one.start)
    ]
    return bool(same) and not any(one.speaker and same_speaker(said.speaker, one.speaker) for one in same)


def days(text: str, published: date | datetime | None, wanted: list[tuple[int, int, Any]] | None) -> Iterator[Case]:
    """Yield one case for each time of a text, by the rule that reads it; ``wanted``: spans and days, or None."""
    found = read_times(text, published)
    for rule, match in scan(text):
        one = next((t for t in found.resolved if t.start < match.end() and match.start() < t.end), None)
        unclear = any(t.start < match.end() and match.start() < t.end for t in found.open)
        yield Case(FORMS[rule], "resolved" if one else "open" if unclear else "silent")
        if one and wanted is not None:
            here = [means for start, end, means in wanted if start < one.end and one.start < end]
            if (one.when.start, one.when.end) not in here:
                yield Case(FORMS[rule], "wrong")


def annotated_speech() -> Iterator[Case]:
    """Yield the cases of ``tests/speech``."""
    folder = ROOT / "tests" / "speech"
    for name in SETS["speech"]:
        content = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        if isinstance(content, list):  # whole articles of the corpus
            for row in content:
                (article,) = load_file(ROOT / "evals" / "corpus" / row["article"])
                assert isinstance(article, Article)
                parsed = parse(article)
                gold = []
                for index, _, speaker, words, *anonymous in row["spans"]:
                    sentence = parsed.sentences[index]
                    place = spans(sentence.text, words)
                    if place:
                        who = None if anonymous else speaker
                        gold.append(Gold(sentence.start + place[0], sentence.start + place[1], who))
                yield from speakers(parsed, gold)
        else:
            for row in (row for rows in content.values() for row in rows):
                text = f"{row['byline']}\n\n{row['text']}" if row.get("byline") else row["text"]
                parsed = parse(Article(id="row", version="1", text=text, published=row.get("published")))
                gold = []
                for said in row["said"]:
                    start = text.index(said["words"])
                    who = None if said["speaker"] in UNKNOWN else said["speaker"]
                    gold.append(Gold(start, start + len(said["words"]), who))
                yield from speakers(parsed, gold)


def annotated_days() -> Iterator[Case]:
    """Yield the cases of ``tests/temporal``."""
    folder = ROOT / "tests" / "temporal"
    for name in SETS["temporal"]:
        content = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        rows = content if isinstance(content, list) else [row for rows in content.values() for row in rows]
        for row in rows:
            published, text = row["published"], row["text"]
            moment = datetime.fromisoformat(published) if isinstance(published, str) else published
            wanted, reached = [], 0
            for one in row.get("finds", row.get("days")) or ():
                start = text.find(one["words"], reached)
                reached = max(reached, start + 1)
                means = None if one["start"] == "unknown" else (one["start"], one["end"])
                wanted.append((start, start + len(one["words"]), means))
            yield from days(text, moment, wanted)


def table(title: str, cases: Iterable[Case], *, judged: bool) -> Iterator[str]:
    """Yield the lines of a table in Markdown: a row for each form, the most frequent first."""
    counts: dict[str, Counter[str]] = {}
    for case in cases:
        counts.setdefault(case.form, Counter())[case.outcome] += 1
    columns = OUTCOMES if judged else OUTCOMES[:-1]
    yield f"| {title} | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for form, found in sorted(counts.items(), key=lambda pair: -sum(pair[1].values())):
        yield f"| {form} | {' | '.join(str(found[column] or '') for column in columns)} |"


def articles(file: Path, limit: int) -> Iterator[ParsedArticle]:
    """Yield the first articles of a file by their addresses."""
    rows = sorted(map(json.loads, file.read_text(encoding="utf-8").splitlines()), key=lambda row: str(row["url"]))
    for row in rows[:limit]:
        published = date.fromisoformat(row["published"])
        yield parse(Article(id=row["url"], version="1", text=row["text"], title=row["title"], published=published))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=100, help="number of articles")
    given = parser.parse_args()
    print(*table("who speaks, own sets", annotated_speech(), judged=True), "", sep="\n")
    print(*table("which day, own sets", annotated_days(), judged=True), "", sep="\n")
    if given.articles:
        read = list(articles(given.articles, given.limit))
        said = (case for parsed in read for case in speakers(parsed, None))
        named = (
            case
            for parsed in read
            for sentence in parsed.sentences
            for case in days(sentence.text, parsed.article.published, None)
        )
        print(*table(f"who speaks, {len(read)} articles", said, judged=False), "", sep="\n")
        print(*table(f"which day, {len(read)} articles", named, judged=False), sep="\n")


if __name__ == "__main__":
    main()
