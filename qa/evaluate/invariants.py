"""The hard invariants of an Answer, checked from outside with code of their own: each fault is one line of text."""

from __future__ import annotations

import re
import unicodedata

from ..model import Answer
from .corpus import Corpus

_QUOTED = (re.compile(r"“([^”]*)(?:”|$)"), re.compile(r'"([^"]*)(?:"|$)'))
_MARKS = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'"})


def faults(answer: Answer, corpus: Corpus) -> tuple[str, ...]:
    """Everything that breaks an invariant: exact citations and quotations, shown labels, numbering, abstention."""
    return (
        *bad_citations(answer, corpus),
        *bad_quotations(answer),
        *_not_shown(answer),
        *_numbering(answer),
        *_abstention(answer),
    )


def bad_citations(answer: Answer, corpus: Corpus) -> list[str]:
    """Citations that are not exactly the sentence they name, by offsets, text and version."""
    found = []
    for c in answer.citations:
        article, sentences = corpus.articles.get(c.article_id), corpus.sentences.get(c.article_id, ())
        if article is None or not 0 <= c.sentence < len(sentences):
            found.append(f"[{c.number}] names no sentence of the corpus")
        elif article.text[c.start : c.end] != c.quote or article.version != c.version:
            found.append(f"[{c.number}] is not what {corpus.name(article.id)} says at {c.start}:{c.end}")
        elif (sentences[c.sentence].start, sentences[c.sentence].end) != (c.start, c.end):
            found.append(f"[{c.number}] is not sentence {c.sentence} of {corpus.name(article.id)}")
    return found


def bad_quotations(answer: Answer) -> list[str]:
    """Quotations in claims that are not verbatim in a sentence the claim cites."""
    found = []
    for claim in answer.claims:
        cited = [_plain(c.quote) for c in answer.cited(claim)]
        for quotation in quotations(claim.text):
            # A closing comma or stop inside the marks belongs to the sentence around, not to what was said.
            wanted = _plain(quotation).rstrip(".,;:")
            if not any(wanted in quote for quote in cited):
                found.append(f"“{quotation}” is in no sentence its claim cites")
    return found


def quotations(text: str) -> list[str]:
    """What stands between double quotation marks; one left open runs to the end."""
    return [quoted.strip() for pattern in _QUOTED for quoted in pattern.findall(text) if quoted.strip()]


def _not_shown(answer: Answer) -> list[str]:
    shown = {(article, sentence) for _, article, sentence in answer.provenance.shown}
    cited = {c.number: (c.article_id, c.sentence) for claim in answer.claims for c in answer.cited(claim)}
    return [f"[{number}] cites a sentence that was not shown" for number, key in cited.items() if key not in shown]


def _numbering(answer: Answer) -> list[str]:
    """Numbers run 1..n, one a distinct sentence, claims' first uses in order."""
    found = []
    if [c.number for c in answer.citations] != list(range(1, len(answer.citations) + 1)):
        found.append("citations are not numbered 1..n")
    keys = [(c.article_id, c.sentence) for c in answer.citations]
    if len(set(keys)) != len(keys):
        found.append("one sentence has two numbers")
    first_uses = list(dict.fromkeys(n for claim in answer.claims for n in claim.citations))
    if first_uses != sorted(first_uses):
        found.append(f"numbers are first used in the order {first_uses}")
    return found


def _abstention(answer: Answer) -> list[str]:
    if (answer.abstention is None) == (not answer.claims):
        return ["it has an abstention and claims, or neither"]
    bare = [claim.text for claim in answer.claims if not claim.citations]
    return [f"a claim cites nothing: {text}" for text in bare]


def _plain(text: str) -> str:
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")  # soft hyphens
    return " ".join(unicodedata.normalize("NFC", seen).translate(_MARKS).split())
