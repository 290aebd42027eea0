"""Check the hard invariants of an Answer, with code that the system itself does not use. Each fault is one line."""

from __future__ import annotations

import re
import unicodedata

from ..model import Answer
from .corpus import Corpus

_QUOTED = (re.compile(r"“([^”]*)(?:”|$)"), re.compile(r'"([^"]*)(?:"|$)'))
_MARKS = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'"})


def faults(answer: Answer, corpus: Corpus) -> tuple[str, ...]:
    """Return all violations: inexact citations or quotations, sentences not shown, bad numbering, bad abstention."""
    return (
        *bad_citations(answer, corpus),
        *bad_quotations(answer),
        *_not_shown(answer),
        *_numbering(answer),
        *_abstention(answer),
    )


def bad_citations(answer: Answer, corpus: Corpus) -> list[str]:
    """Return the citations that do not match their sentence exactly, by offsets, text and version."""
    found = []
    for c in answer.citations:
        article, sentences = corpus.articles.get(c.article_id), corpus.sentences.get(c.article_id, ())
        if article is None or not 0 <= c.sentence < len(sentences):
            found.append(f"[{c.number}] does not name a sentence of the corpus")
        elif article.text[c.start : c.end] != c.quote or article.version != c.version:
            found.append(f"[{c.number}] is not what {corpus.name(article.id)} says at {c.start}:{c.end}")
        elif (sentences[c.sentence].start, sentences[c.sentence].end) != (c.start, c.end):
            found.append(f"[{c.number}] is not sentence {c.sentence} of {corpus.name(article.id)}")
    return found


def bad_quotations(answer: Answer) -> list[str]:
    """Return the quotations in claims that are not verbatim in a sentence the claim cites."""
    found = []
    for claim in answer.claims:
        cited = [_plain(c.quote) for c in answer.cited(claim)]
        for quotation in quotations(claim.text):
            # A comma or full stop before the closing mark belongs to the surrounding sentence, not to the quotation.
            wanted = _plain(quotation).rstrip(".,;:")
            if not any(wanted in quote for quote in cited):
                found.append(f"“{quotation}” is not in any sentence its claim cites")
    return found


def quotations(text: str) -> list[str]:
    """Return the text between double quotation marks. An unclosed quotation runs to the end of the text."""
    return [quoted.strip() for pattern in _QUOTED for quoted in pattern.findall(text) if quoted.strip()]


def _not_shown(answer: Answer) -> list[str]:
    shown = {(article, sentence) for _, article, sentence in answer.provenance.shown}
    cited = {c.number: (c.article_id, c.sentence) for claim in answer.claims for c in answer.cited(claim)}
    return [f"[{number}] cites a sentence that was not shown" for number, key in cited.items() if key not in shown]


def _numbering(answer: Answer) -> list[str]:
    """Check that numbers run 1..n, that each sentence has one number, and that claims first use them in order."""
    found = []
    if [c.number for c in answer.citations] != list(range(1, len(answer.citations) + 1)):
        found.append("citations are not numbered 1..n")
    keys = [(c.article_id, c.sentence) for c in answer.citations]
    if len(set(keys)) != len(keys):
        found.append("one sentence has two numbers")
    first_uses = list(dict.fromkeys(n for claim in answer.claims for n in (*claim.citations, *claim.context)))
    if first_uses != sorted(first_uses):
        found.append(f"numbers are first used in the order {first_uses}")
    return found


def _abstention(answer: Answer) -> list[str]:
    if (answer.abstention is None) == (not answer.claims):
        return ["the answer has both an abstention and claims, or neither"]
    bare = [claim.text for claim in answer.claims if not claim.citations]
    return [f"a claim cites nothing: {text}" for text in bare]


def _plain(text: str) -> str:
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")  # soft hyphens
    return " ".join(unicodedata.normalize("NFC", seen).translate(_MARKS).split())
