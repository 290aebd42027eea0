"""Loaders of the training sets (see ``docs/reading-model.md``), and hard negatives made from them.

Held out everywhere: the report halves of SQuAD 2, WiCE and SummEdits (the split of ``benchmarks/quality``), ClapNQ,
RAMDocs, the report articles of ``training/questions``, and all test storylines and report pairs of the project.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.quality.shared import part
from qa.english.document import Document

from .examples import Claim, Example, Passage

LENGTHS = (50, 190)  # words of a passage: the window around an answer is of a random length between these
NUMBER = re.compile(r"\b\d[\d,.]*\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
HEADER = re.compile(r"^\(meta data\) TITLE: ")


# -- sets ----------------------------------------------------------------------------------------------------------


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def passages(folder: Path, name: str, most: int, chance: random.Random) -> list[Passage]:
    """Return up to ``most`` questions of one set of ``training/``."""
    found = list(rows(folder / "training" / f"{name}.qa.jsonl.gz"))
    chance.shuffle(found)
    return [
        window(Passage(r["q"], tuple(r["sents"]), tuple(r["gold"]), _title(r.get("title", "")), None, name), chance)
        for r in found[:most]
        if any(s.strip() for s in r["sents"])
    ]


def _title(text: str) -> str:
    """Return a title that says something. Those of reviews and posts are numbers."""
    return "" if re.search(r"_\d+$", text) else text.replace("_", " ")


def squad(folder: Path, chance: random.Random, half: str = "tune", *, whole: bool = False) -> list[Passage]:
    """Return a half of SQuAD 2, with spans. Only "tune" may be trained on. ``whole`` paragraphs are not cut."""
    made = []
    for document in json.loads((folder / "squad2" / "dev.json").read_text("utf-8"))["data"]:
        if part(document["title"]) != half:
            continue
        for paragraph in document["paragraphs"]:
            sentences = Document(paragraph["context"]).sentences
            texts = tuple(s.text for s in sentences)
            for row in paragraph["qas"]:
                gold: tuple[int, ...] = ()
                span = None
                if not row["is_impossible"]:
                    answer = min(row["answers"], key=lambda a: len(a["text"]))
                    at = answer["answer_start"]
                    index = next((i for i, s in enumerate(sentences) if s.start <= at < s.end), None)
                    if index is None:
                        continue
                    others = {
                        i
                        for a in row["answers"]
                        for i, s in enumerate(sentences)
                        if s.start <= a["answer_start"] < s.end
                    }
                    gold = (index, *sorted(others - {index}))
                    start = at - sentences[index].start
                    span = (start, min(start + len(answer["text"]), len(texts[index])))
                one = Passage(row["question"], texts, gold, document["title"].replace("_", " "), span, "squad2")
                made.append(one if whole else window(one, chance))
    return made


def own(folder: Path, questions: Path, chance: random.Random, split: str) -> list[Passage]:
    """Return the project's own questions on Wikinews articles, of one split: "train" or "report"."""
    articles = {r["url"]: r for r in rows(folder / "wikinews" / "articles.jsonl")}
    made = []
    for r in rows(questions):
        if r["split"] != split:
            continue
        article = articles[r["article"]]
        sentences = Document(article["text"]).sentences
        texts = tuple(s.text for s in sentences)

        def index(place: list[int], sentences: Sequence[Any] = sentences) -> int:
            return next(i for i, s in enumerate(sentences) if s.start <= place[0] < s.end)

        gold = tuple(map(index, r["gold"]))
        span = None
        if r["span"]:
            first = sentences[gold[0]]
            span = (r["span"][0] - first.start, min(r["span"][1], first.end) - first.start)
        near = index(r["near"]) if r["near"] else None
        passage = Passage(r["question"], texts, gold, article["title"], span, "own")
        made.append(window(passage, chance, near))
    return made


STORIES = Path(__file__).parent / "stories"


def story_articles(splits: Collection[str]) -> list[dict[str, Any]]:
    """Return the articles of the project's own fictional storylines, of some splits: "train", "calibrate", "report"."""
    return [r for r in rows(STORIES / "articles.jsonl") if r["split"] in splits]


def stories(chance: random.Random, split: str) -> list[Passage]:
    """Return the questions about fictional storylines, each over the article that answers it best.

    A question without an answer is asked of an article of its storyline. The source names the hand that wrote it.
    """
    articles = {r["id"]: r for r in story_articles([split])}
    parsed = {key: Document(r["text"]).sentences for key, r in articles.items()}
    made = []
    for r in rows(STORIES / "questions.jsonl"):
        if r["split"] != split:
            continue
        of_story = [key for key, a in articles.items() if a["story"] == r["story"]]
        key = r["evidence"][0]["article"] if r["evidence"] else chance.choice(of_story)
        text, sentences = articles[key]["text"], parsed[key]
        gold = tuple(
            dict.fromkeys(
                index
                for e in r["evidence"]
                if e["article"] == key
                for index, s in enumerate(sentences)
                if s.start <= text.index(e["words"]) < s.end
            )
        )
        span = span_of(r["answer"], sentences[gold[0]].text) if gold else None
        texts, source = tuple(s.text for s in sentences), f"story {r['hand']}"
        passage = Passage(r["question"], texts, gold, articles[key]["title"], span, source)
        made.append(window(passage, chance))
    return made


def span_of(answer: str | None, sentence: str) -> tuple[int, int] | None:
    """Return the offsets of an answer in its sentence, None if it does not stand there."""
    at = sentence.find(answer) if answer else -1
    return (at, at + len(answer)) if answer and at >= 0 else None


def claims(folder: Path, name: str, most: int, chance: random.Random) -> list[Claim]:
    """Return up to ``most`` claims of one set of ``training/``, as many of each label as can be."""
    by_label: dict[str, list[Claim]] = defaultdict(list)
    for r in rows(folder / "training" / f"{name}.claim.jsonl.gz"):
        by_label[r["label"]].append(Claim(r["claim"], r["sent"], r["label"], name))
    made: list[Claim] = []
    share = most // len(by_label)
    for group in by_label.values():
        chance.shuffle(group)
        made += group[:share]
    return made


def bump(folder: Path, chance: random.Random) -> list[Claim]:
    """Return BUMP's summary sentences with the sentences of the article that share most words with them."""
    return [
        Claim(r["claim"], " ".join(r["sents"][i] for i in _nearest(r["claim"], r["sents"], 4)), r["label"], "bump")
        for r in rows(folder / "training" / "bump.doc.jsonl.gz")
    ]


def wice(folder: Path, chance: random.Random) -> list[Claim]:
    """Return WiCE's claims to train on: the tuning half, the claims with unsupported tokens, and supported ones short
    of one of their sentences, which most often do not state them any more."""
    made = wice_claims(folder, "tune")
    for r in rows(folder / "wice" / "non_supported_tokens_train.jsonl"):
        made += _cited(r)
    fewer = []
    for r in _wice_rows(folder, "tune"):
        for cited in r["supporting_sentences"][:2]:
            if r["label"] == "supported" and len(cited) > 1:
                rest = " ".join(r["evidence"][i] for i in sorted(cited)[1:])
                fewer.append(Claim(r["claim"], rest, "not", "wice"))
    return [*made, *fewer]


def wice_claims(folder: Path, half: str) -> list[Claim]:
    """Return the claims of a half of WiCE with their gold sentences, or else the nearest ones."""
    return [claim for r in _wice_rows(folder, half) for claim in _cited(r)]


def _wice_rows(folder: Path, half: str) -> Iterator[dict[str, Any]]:
    return (r for r in rows(folder / "wice" / "dev.jsonl") if part("\n".join(r["evidence"])) == half)


def _cited(r: dict[str, Any]) -> list[Claim]:
    chosen = [c for c in r["supporting_sentences"] if c] or [_nearest(r["claim"], r["evidence"], 3)]
    label = "support" if r["label"] == "supported" else "not"
    return [
        Claim(r["claim"], " ".join(HEADER.sub("", r["evidence"][i]) for i in sorted(cited)), label, "wice")
        for cited in chosen[:2]
    ]


def summedits(folder: Path, chance: random.Random) -> list[Claim]:
    """Return the tuning half of SummEdits: an edited summary, with the seed summary as what it cites."""
    made = []
    for path in sorted((folder / "summedits").glob("*.json")):
        for r in json.loads(path.read_text("utf-8")):
            if part(r["doc"]) == "tune" and r["summary"] != r["original_summary"]:
                made.append(
                    Claim(
                        r["summary"], r["original_summary"], "support" if str(r["label"]) == "1" else "not", "summedits"
                    )
                )
    return made


def _nearest(claim: str, sentences: Sequence[str], most: int) -> list[int]:
    words = set(re.findall(r"\w{4,}", claim.lower()))
    order = sorted(range(len(sentences)), key=lambda i: -len(words & set(re.findall(r"\w{4,}", sentences[i].lower()))))
    return sorted(order[:most])


# -- windows and hard negatives ------------------------------------------------------------------------------------


def window(passage: Passage, chance: random.Random, near: int | None = None) -> Passage:
    """Cut a passage to a run of sentences of a random length around the answer, or around ``near``."""
    budget = chance.randint(*LENGTHS)
    sizes = [len(s.split()) for s in passage.sentences]
    if sum(sizes) <= budget:
        return passage
    middle = passage.gold[0] if passage.gold else near
    if middle is None:
        middle = chance.randrange(len(sizes))
    first = last = middle
    total = sizes[middle]
    while True:
        sides = [i for i in (first - 1, last + 1) if 0 <= i < len(sizes) and total + sizes[i] <= budget]
        if not sides:
            break
        side = chance.choice(sides)
        total += sizes[side]
        first, last = min(first, side), max(last, side)
    gold = tuple(g - first for g in passage.gold if first <= g <= last)
    return replace(passage, sentences=passage.sentences[first : last + 1], gold=gold)


def without_answer(passage: Passage, chance: random.Random) -> Passage | None:
    """Take the answering sentences out: their neighbours do not answer."""
    rest = tuple(s for i, s in enumerate(passage.sentences) if i not in passage.gold)
    return replace(passage, sentences=rest, gold=(), span=None) if passage.gold and rest else None


def other_passage(passage: Passage, other: Passage) -> Passage | None:
    """Ask the question of another passage of the same document."""
    if other.sentences == passage.sentences or set(other.sentences) & set(passage.sentences):
        return None
    return replace(passage, sentences=other.sentences, gold=(), span=None)


def swapped(passage: Passage, chance: random.Random) -> Passage | None:
    """Put another number, or another name of the passage, into the question: its premise is false now."""
    text = " ".join(passage.sentences)
    for pattern in chance.sample([NUMBER, NAME], 2):
        mine = [m for m in pattern.finditer(passage.question) if m.group() in text]
        others = sorted({m.group() for m in pattern.finditer(text)} - {m.group() for m in mine})
        if mine and others:
            hit, other = chance.choice(mine), chance.choice(others)
            if hit.group() in other or other in hit.group() or other in passage.question:
                continue
            question = passage.question[: hit.start()] + other + passage.question[hit.end() :]
            return replace(passage, question=question, gold=(), span=None)
    return None


def with_negatives(found: Sequence[Passage], share: float, chance: random.Random) -> list[Passage]:
    """Replace a share of the answerable questions by hard negatives, and vary titles and question marks."""
    by_title: dict[str, list[Passage]] = defaultdict(list)
    for one in found:
        if one.title:
            by_title[one.title].append(one)
    made = []
    for one in found:
        if one.gold and chance.random() < share:
            kind = chance.random()
            other = chance.choice(by_title[one.title]) if one.title else None
            negative = (
                swapped(one, chance) if kind < 0.3 else other_passage(one, other) if other and kind < 0.5 else None
            )
            one = negative or without_answer(one, chance) or one
        if chance.random() < 0.3:
            one = replace(one, title="")
        if chance.random() < 0.15:
            one = replace(one, question=one.question.rstrip("?"))
        made.append(one)
    return made


EDITS: tuple[tuple[str, str], ...] = (
    (" is ", " is not "), (" was ", " was not "), (" are ", " are not "), (" were ", " were not "),
    (" has ", " has not "), (" have ", " have not "), (" will ", " will not "), (" not ", " "),
    (" before ", " after "), (" after ", " before "), (" more than ", " fewer than "), (" less than ", " more than "),
    (" all ", " some "), (" increased ", " decreased "), (" rose ", " fell "), (" fell ", " rose "),
    (" will ", " did "), (" may ", " will "), (" plans to ", " has begun to "), (" would ", " did "),
    (" accepted ", " rejected "), (" rejected ", " accepted "), (" first ", " last "), (" won ", " lost "),
    (" lost ", " won "), (" no ", " "), (" never ", " "), (" up ", " down "), (" over ", " under "),
)  # fmt: skip


def edited(sentence: str, around: Sequence[str], chance: random.Random) -> str | None:
    """Return a sentence with one fact changed: a number, a name, a negation, a direction or a plan."""
    kinds: list[Callable[[], str | None]] = []
    numbers, names = list(NUMBER.finditer(sentence)), list(NAME.finditer(sentence))
    others = sorted({m.group() for s in around for m in NAME.finditer(s)} - {m.group() for m in names})
    if numbers:
        hit = chance.choice(numbers)
        digits = "".join(chance.choice("123456789") if c.isdigit() else c for c in hit.group())
        kinds.append(
            lambda: sentence[: hit.start()] + digits + sentence[hit.end() :] if digits != hit.group() else None
        )
    if names and others:
        name, other = chance.choice(names), chance.choice(others)
        if name.group() not in other and other not in name.group():
            kinds.append(lambda: sentence[: name.start()] + other + sentence[name.end() :])
    fitting = [edit for edit in EDITS if edit[0] in sentence]
    if fitting:
        old, new = chance.choice(fitting)
        kinds += [lambda: sentence.replace(old, new, 1)] * 2
    return chance.choice(kinds)() if kinds else None


def shortened(sentence: str, chance: random.Random) -> str:
    """Return a sentence without a clause at its end or its beginning, if it has one that can go."""
    pieces = sentence.split(", ")
    if len(pieces) > 2 and chance.random() < 0.5:
        return ", ".join(pieces[:-1]).rstrip(".") + "."
    return sentence


def from_sentences(found: Sequence[Passage], most: int, chance: random.Random) -> list[Claim]:
    """Make claims of the sentences of passages: kept, shortened, edited, or cited to a neighbour."""
    made: list[Claim] = []
    pool = [p for p in found if len(p.sentences) > 2]
    while len(made) < most:
        one = chance.choice(pool)
        index = chance.randrange(len(one.sentences) - 1)
        sentence, after = one.sentences[index], one.sentences[index + 1]
        if not 8 <= len(sentence.split()) <= 45:
            continue
        evidence = f"{sentence} {after}" if chance.random() < 0.4 else sentence
        kind = chance.random()
        if kind < 0.35:
            made.append(Claim(shortened(sentence, chance), evidence, "support", "edits"))
        elif kind < 0.85:
            changed = edited(sentence, one.sentences, chance)
            if changed and changed != sentence:
                made.append(Claim(shortened(changed, chance), evidence, "not", "edits"))
        else:
            made.append(Claim(sentence, after, "nei", "edits"))
    return made


# -- mixtures ------------------------------------------------------------------------------------------------------


def first_mixture(folder: Path, seed: int) -> list[Example]:
    """Return the mixture of the long first phase: everything public."""
    chance = random.Random(seed)
    squads = [*squad(folder, chance), *squad(folder, chance), *squad(folder, chance)]  # three windows of each
    found = [
        *squads,
        *passages(folder, "unansq", 6062, chance),
        *passages(folder, "squadshifts", 18000, chance),
        *passages(folder, "qed", 7049, chance),
        *passages(folder, "qamr_indoc", 14000, chance),
        *passages(folder, "qasrl_indoc", 6000, chance),
        *passages(folder, "qasrl", 1500, chance),
        *passages(folder, "qamr", 850, chance),
        *passages(folder, "selqa", 2374, chance),
        *passages(folder, "timeqa", 2218, chance),
    ]
    questions = with_negatives(found, 0.4, chance)
    stated = [
        *claims(folder, "conjnli", 6000, chance),
        *claims(folder, "cad_nli", 9000, chance),
        *claims(folder, "taxinli_mnli", 9000, chance),
        *claims(folder, "breakingnli", 1500, chance),
        *claims(folder, "defacto", 4380, chance),
        *claims(folder, "dnc_factuality", 1500, chance),
        *claims(folder, "fm2", 2547, chance),
        *claims(folder, "feversym", 1416, chance),
        *bump(folder, chance),
        *wice(folder, chance) * 2,
        *summedits(folder, chance) * 2,
        *from_sentences(found, 6000, chance),
    ]
    return [*questions, *stated]


def last_mixture(folder: Path, questions: Path, mined: Path, seed: int) -> list[Example]:
    """Return the mixture of the short last phase, without claims (see ``docs/reading-model.md``).

    It is the project's own questions, chunks that the search finds for them, and some of the public sets, so that what
    they taught is not forgotten.
    """
    chance = random.Random(seed)
    mine = [one for _ in range(2) for one in own(folder, questions, chance, "train")]
    negatives = [n for one in mine if (n := swapped(one, chance) or without_answer(one, chance))]
    chance.shuffle(negatives)
    chunks = [r for r in found_chunks(mined) if not r.source.startswith("story")]
    found = [
        *squad(folder, chance),
        *passages(folder, "unansq", 3000, chance),
        *passages(folder, "squadshifts", 2500, chance),
        *passages(folder, "qed", 3500, chance),
        *passages(folder, "qamr_indoc", 2000, chance),
    ]
    return [
        *with_negatives(mine, 0.0, chance),
        *negatives[: len(mine) // 5],
        *chunks,
        *with_negatives(found, 0.3, chance),
    ]


def stories_mixture(folder: Path, questions: Path, mined: Path, seed: int, newest: int = 0) -> list[Example]:
    """Return the mixture of the third phase: fictional storylines with what the search finds for their questions.

    A share of what the phases before were trained on keeps what they taught. With ``newest``, the number of a hand, a
    quarter of what earlier hands wrote counts as such a share.
    """
    chance = random.Random(seed)
    chunks = found_chunks(mined)
    chance.shuffle(chunks)
    before = [r for r in chunks if not r.source.startswith("story")]
    kept = [
        *own(folder, questions, chance, "train"),
        *squad(folder, chance)[:1200],
        *passages(folder, "unansq", 1000, chance),
        *passages(folder, "squadshifts", 500, chance),
        *passages(folder, "qed", 700, chance),
    ]
    told = [*stories(chance, "train"), *(r for r in chunks if r.source.startswith("story"))]
    return [
        *(r for r in told if int(r.source.split()[1]) >= newest or chance.random() < 0.25),
        *before[:2500],
        *with_negatives(kept, 0.2, chance),
    ]


def found_chunks(mined: Path) -> list[Passage]:
    """Return the chunks that ``training.mine`` has found."""
    return [
        Passage(
            r["question"],
            tuple(r["sentences"]),
            tuple(r["gold"]),
            r["title"],
            tuple(r["span"]) if r["span"] else None,
            r["source"],
        )
        for r in rows(mined)
    ]
