"""A small hand-written corpus with gold, and answers made by hand, for testing the evaluation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes import Unstreamed, claim, says

from qa.english.sentences import split
from qa.evaluate.corpus import Corpus, ResolvedCase
from qa.evaluate.gold import Case
from qa.llm.chat import Completion
from qa.llm.limits import Limits
from qa.llm.prompts import Message
from qa.model import Abstention, Answer, Article, Citation, Claim, Coverage, Provenance, Usage

ARTICLES = {
    "pier.md": """---
title: Old pier closes after storm
source: Salthouse Herald
published: 2026-02-03
---
The old pier at Salthouse was closed on Monday after a storm tore away 14 planks. Harbour master Owen Tarn said \
the repair would take three weeks. “I would sooner lose the season than a child,” Tarn said. About 2,300 people walk \
on the pier on a fine Sunday. The council has set aside 61,000 crowns.
""",
    "pier-copy.md": """---
title: Salthouse pier shut
source: Coast Wire
published: 2026-02-03
---
The old pier at Salthouse was closed on Monday after a storm tore away 14 planks. Harbour master Owen Tarn said \
the repair would take three weeks. “I would sooner lose the season than a child,” Tarn said. About 2,300 people walk \
on the pier on a fine Sunday.
""",
    "pier-open.md": """---
title: Pier open again
source: Salthouse Herald
published: 2026-03-10
---
The Salthouse pier opened again on Saturday, two weeks later than promised. The work cost 74,500 crowns, treasurer \
Mara Quist said. She called it “money well walked on”. Anglers are kept off the outer end until June.
""",
    "library.md": """---
title: Library lends tools
source: Salthouse Herald
published: 2026-04-21
---
The town library began to lend drills and ladders on Tuesday. Librarian Piet Doorn bought 48 tools with a gift from \
the Tarn family. Lena Tarn, who gave the money, asked for no plaque. A drill may be kept for nine days.
""",
    "snow.md": """---
title: Snow plough arrives
source: Coast Wire
published: 2026-01-20
---
A snow plough reached Salthouse by barge on Sunday. Mayor Ida Brook said the town would share it with Varn. The plough \
weighs 9.5 tonnes. Its driver, Casper Holm, learned the work in Varn.
""",
}

GOLD = """\
storyline: salthouse
split: dev
cases:
  - id: pier-planks
    question: How many planks did the storm take from the pier?
    answerable: true
    facts: [["14", fourteen]]
    evidence:
      - article: pier
        contains: tore away 14 planks
        or: [{article: pier-copy, contains: tore away 14 planks}]
    tags: [how-many]
  - id: pier-how-long
    question: How long did Tarn expect the repair of the pier to last?
    answerable: true
    facts: [[three weeks]]
    evidence:
      - {article: pier, contains: would take three weeks, or: [{article: pier-copy, contains: would take three weeks}]}
    speaker: Owen Tarn
    tags: [how-many]
  - id: pier-quote
    question: In what words did the harbour master defend shutting the pier?
    answerable: true
    facts: [[sooner lose the season than a child]]
    evidence:
      - {article: pier, contains: sooner lose, or: [{article: pier-copy, contains: sooner lose}]}
    speaker: Owen Tarn
    tags: [quotation]
  - id: pier-visitors
    question: How many people stroll along the pier on a Sunday?
    answerable: true
    facts: [["2,300"]]
    evidence:
      - {article: pier, contains: "2,300 people", or: [{article: pier-copy, contains: "2,300 people"}]}
    tags: [how-many]
  - id: pier-final-cost
    question: What did the work on the pier cost in the end?
    answerable: true
    facts: [["74,500"]]
    forbidden: ["61,000"]
    evidence: [{article: pier-open, contains: "cost 74,500 crowns"}]
    speaker: Mara Quist
    tags: [how-many]
  - id: pier-anglers
    question: Until when are anglers kept off the end of the pier?
    answerable: true
    facts: [[June]]
    evidence: [{article: pier-open, contains: until June}]
    tags: [when]
  - id: library-tools
    question: How many tools did the library buy?
    answerable: true
    facts: [["48"]]
    evidence: [{article: library, contains: bought 48 tools}]
    tags: [how-many]
  - id: library-who
    question: Who gave the money for the library's tools?
    answerable: true
    facts: [[Lena Tarn]]
    forbidden: [Owen Tarn]
    evidence: [{article: library, contains: who gave the money}]
    also_fine: [{article: library, contains: with a gift}]
    tags: [who]
  - id: library-days
    question: For how many days may a drill be kept?
    answerable: true
    facts: [[nine days, "9 days"]]
    evidence: [{article: library, contains: may be kept for nine days}]
    tags: [how-many]
  - id: snow-weight
    question: What does the snow plough weigh?
    answerable: true
    facts: [["9.5 tonnes"]]
    evidence: [{article: snow, contains: 9.5 tonnes}]
    tags: [how-many]
  - id: snow-driver
    question: Who drives the snow plough?
    answerable: true
    facts: [[Casper Holm]]
    evidence: [{article: snow, contains: Its driver}]
    tags: [who]
  - id: snow-share
    question: With which town will the snow plough be shared, according to the mayor?
    answerable: true
    facts: [[Varn]]
    evidence: [{article: snow, contains: share it with Varn}]
    speaker: Ida Brook
    tags: [where]
  - {id: pier-insurer, question: "Which insurer covers the Salthouse pier?", answerable: false,
     abstention: detail_not_stated, tags: [near-miss]}
  - {id: library-ladder, question: "How tall are the ladders the library lends?", answerable: false,
     abstention: detail_not_stated, tags: [near-miss]}
  - {id: snow-price, question: "What did the snow plough cost?", answerable: false,
     abstention: detail_not_stated, tags: [near-miss]}
  - {id: tarn-quits, question: "Why did Owen Tarn resign as harbour master?", answerable: false,
     abstention: premise_contradicted, tags: [false-premise]}
  - {id: opera, question: "Who wrote the libretto of Fidelio?", answerable: false,
     abstention: not_covered, tags: [off-topic]}
"""


def write_world(folder: Path) -> tuple[Path, Path]:
    """Write the gold file and the articles, and return the path of the gold file and the folder of articles."""
    articles = folder / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, encoding="utf-8")
    gold = folder / "gold.yaml"
    gold.write_text(GOLD, encoding="utf-8")
    return gold, articles


class Oracle(Unstreamed):
    """A model that knows the gold. It cites the gold sentence among those shown, and repeats its words."""

    name = "oracle"

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = {case.question: case for case in cases}
        self.asked = 0

    def complete(self, messages: Sequence[Message], shape: type, limits: Limits | None = None) -> Completion:
        self.asked += 1
        if "values" in shape.model_fields:
            return Completion(shape.model_validate({"values": []}), None)
        text = messages[1].content  # a repair continues below the first question
        case = self._cases[text.rsplit("Question: ", 1)[1].strip()]
        shown = re.findall(r"^\[(S\d+)\] (.*?)(?: ⟨.*⟩)?$", text, re.MULTILINE)
        return Completion(shape.model_validate(self._reply(case, shown)), Usage(input=100, output=10, cost_usd=0.001))

    def _reply(self, case: Case, shown: list[tuple[str, str]]) -> dict[str, Any]:
        if not case.answerable and case.abstention != "premise_contradicted":
            return {"answerable": False, "reason": case.abstention, "claims": []}
        claims = []
        if not case.answerable:  # cite a sentence that contradicts the premise
            label, sentence = next((label, text) for label, text in shown if "Tarn" in text)
            return says(claim(sentence, label)) | {"answerable": False, "reason": case.abstention}
        for item in case.evidence:
            label, sentence = next((label, text) for label, text in shown if item.contains in text)
            claims.append(claim(sentence, label, speaker=case.speaker))
        return says(*claims)


# -- answers made by hand ----------------------------------------------------------------------------------------------

TEXT = "Alpha stands here. Bravo said 5 March. Charlie “was never” there. Delta counted 1,200 sheep."


def corpus(**texts: str) -> Corpus:
    """Return a corpus of articles named by keyword. Without any: one article ``a`` with four sentences."""
    articles = {
        name: Article(id=name, version="1", text=text, origin=f"{name}.md")
        for name, text in (texts or {"a": TEXT}).items()
    }
    return Corpus(articles, {name: split(article.text, name) for name, article in articles.items()})


def provenance(shown: Sequence[tuple[str, int]] = (), **fields: Any) -> Provenance:
    labelled = tuple((f"S{n}", article, sentence) for n, (article, sentence) in enumerate(shown, 1))
    fixed = {"mode": "reader", "embedder": "none", "qa_version": "0", "library_revision": 1}
    return Provenance(**fixed, shown=labelled, created=datetime(2026, 1, 1, tzinfo=UTC), **fields)


def cite(there: Corpus, number: int, article: str, sentence: int) -> Citation:
    s = there.sentences[article][sentence]
    return Citation(
        number=number, article_id=article, version="1", sentence=sentence, start=s.start, end=s.end, quote=s.text
    )


def answered(there: Corpus, *cited: tuple[str, int], text: str | None = None, **fields: Any) -> Answer:
    """Return an answer with one claim per cited sentence, or with one claim ``text`` that cites them all."""
    citations = tuple(cite(there, n, *key) for n, key in enumerate(cited, 1))
    about = {k: fields.pop(k) for k in ("speaker", "stated", "occurred", "support") if k in fields}
    if text is None:
        claims = tuple(Claim(text=c.quote, citations=(c.number,), **about) for c in citations)
    else:
        claims = (Claim(text=text, citations=tuple(c.number for c in citations), **about),)
    shown = fields.pop("shown", cited)
    return Answer(
        question="?",
        standalone="?",
        status="answered",
        claims=claims,
        citations=citations,
        articles=tuple(there.articles[i].ref() for i in dict.fromkeys(article for article, _ in cited)),
        coverage=Coverage(articles=len(there.articles)),
        provenance=fields.pop("provenance", None) or provenance(shown),
    )


def abstained(reason: str = "not_covered", shown: Sequence[tuple[str, int]] = ()) -> Answer:
    return Answer(
        question="?",
        standalone="?",
        status="abstained",
        abstention=Abstention.model_validate({"reason": reason, "message": "No."}),
        coverage=Coverage(articles=1),
        provenance=provenance(shown),
    )


def resolved(
    *required: set[tuple[str, int]], fine: Sequence[tuple[str, int]] = (), split: str = "dev", **fields: Any
) -> ResolvedCase:
    """Return a case with resolved evidence. Without evidence, the case is not answerable."""
    case = Case.model_construct(**({"id": "case", "question": "?", "answerable": bool(required)} | fields))
    return ResolvedCase(case, split, "story", tuple(frozenset(item) for item in required), frozenset(fine))  # type: ignore[arg-type]
