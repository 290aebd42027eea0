"""Draft a gold file to fill in by hand: it lists the articles and has example cases in comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..articles.load import load
from ..articles.parse import sentences_of
from ..errors import InputError
from ..model import Article, Sentence, day_of

_HEAD = """\
# Gold questions about your articles. Remove the "# " in front of a case, or write your own, and run:
#
#     qa eval --gold {file} --articles {articles}
#
# Write the questions before you look at any answer, as your readers would ask them, and do not reword them later.
# Half of them should not use the words of the sentence that answers them. A quarter of them should have no answer in
# the articles, but be close to what the articles say. Without these, a system that always answers would look good.

storyline: {storyline}
split: dev                  # dev: you may tune thresholds on it; test: only report it

# The articles, by the names used below:
{listing}

cases:
"""

_ANSWERABLE = """\
  - id: {storyline}-first-question     # unique; lower-case letters, digits and hyphens
    question: "Who …?"
    # history: ["An earlier question of the same conversation"]
    # as_of: {day}                # ignore articles published after this day
    # filters: {{sources: [{source}], since: {day}, until: {day}}}
    answerable: true
    facts:                            # each item must be stated, in one of its spellings; any form of a date or number
      - [one spelling, another spelling]
    # forbidden: [words that no correct answer contains]
    evidence:                         # the sentences that a perfect answer cites
      - article: {article}
        contains: {contains}          # words that are in exactly one sentence of the article
        # or: [{{article: an equally good article, contains: words of its sentence}}]
    # also_fine: [{{article: …, contains: words of a sentence that may be cited too}}]
    # speaker: the person who must be named as the source
    tags: [who]
"""

_UNANSWERABLE = """\
  - id: {storyline}-not-stated
    question: "How much …?"
    answerable: false
    abstention: detail_not_stated     # not_covered | detail_not_stated | premise_contradicted | outside_dates
    tags: [near-miss]
"""


def draft_gold(sources: Sequence[str], file: str = "gold.yaml") -> str:
    """Return the text of a gold file for these articles. Raises InputError if no article can be read."""
    articles = [found for found in load(sources) if isinstance(found, Article)]
    if not articles:
        raise InputError(f"No article could be read from {', '.join(sources)}. Name a folder of .txt, .md or .jsonl.")
    first = articles[0]
    storyline = _slug(Path(sources[0]).stem or "my")
    cases = _ANSWERABLE.format(
        storyline=storyline,
        day=day_of(first.published) or "2026-01-31",
        source=json.dumps(first.source or "Some Outlet", ensure_ascii=False),
        article=json.dumps(_name(first), ensure_ascii=False),
        contains=json.dumps(_telling(sentences_of(first)), ensure_ascii=False),
    ) + _UNANSWERABLE.format(storyline=storyline)
    head = _HEAD.format(
        file=file, articles=" ".join(sources), storyline=storyline, listing="\n".join(map(_listed, articles))
    )
    return head + "".join(f"# {line}\n" for line in cases.splitlines())


def _listed(article: Article) -> str:
    title = " ".join((article.title or "untitled").split())
    return f"#   {_name(article)}  {day_of(article.published) or 'undated'}  {title}"


def _name(article: Article) -> str:
    return Path(article.origin).stem if article.origin else article.id


def _telling(sentences: Sequence[Sentence]) -> str:
    """Return the first words of a sentence that are in no other sentence: as few as possible, but at least five."""
    texts = [" ".join(s.text.split()) for s in sentences]
    for text in texts:
        words = text.split()
        for n in range(5, len(words) + 1):
            start = " ".join(words[:n])
            if sum(start in other for other in texts) == 1:
                return start
    return "words of one sentence"


def _slug(name: str) -> str:
    letters = "".join(ch if ch.isascii() and ch.isalnum() else " " for ch in name.casefold())
    return "-".join(letters.split()) or "my"
