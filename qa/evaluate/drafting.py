"""A gold file to fill in by hand: the articles listed, and example cases commented out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..articles.load import load
from ..english.sentences import split
from ..errors import InputError
from ..model import Article, Sentence, day_of

_HEAD = """\
# Gold questions on your articles. Take the "# " away from a case, or write your own, and run:
#
#     qa eval --gold {file} --articles {articles}
#
# Write the questions before you look at any answer, as your readers would ask them, and do not reword them later.
# Half of them should not use the words of the sentence that answers them. Ask a quarter that the articles do NOT
# answer, close to what they do say: without those, a system that answers everything looks good.

storyline: {storyline}
split: dev                  # dev: thresholds may be tuned on it; test: only reported

# The articles, as they are named below:
{listing}

cases:
"""

_ANSWERABLE = """\
  - id: {storyline}-first-question     # unique, lower case and hyphens
    question: "Who …?"
    # history: ["An earlier question of the same conversation"]
    # as_of: {day}                # the library as it stood that day
    # filters: {{sources: [{source}], since: {day}, until: {day}}}
    answerable: true
    facts:                            # each item must be stated, in any of its spellings; dates and numbers in any form
      - [one spelling, another spelling]
    # forbidden: [what no right answer says]
    evidence:                         # the sentences a perfect answer cites
      - article: {article}
        contains: {contains}          # words of exactly one sentence of that article
        # or: [{{article: an equally good one, contains: its words}}]
    # also_fine: [{{article: …, contains: words of a sentence that may be cited too}}]
    # speaker: who must be named as having said it
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
    """The text of a gold file for these articles. Raises InputError if none can be read."""
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
        contains=json.dumps(_telling(split(first.text, first.id)), ensure_ascii=False),
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
    """The fewest first words of a sentence that stand in no other sentence, at least five."""
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
