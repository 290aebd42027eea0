"""The prompted model's draft: labelled sentences in, claims that point at labels out. Nothing here is verified."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, WithJsonSchema, create_model

from ..articles.quotes import visible
from ..llm.chat import ChatModel
from ..llm.prompts import Prompt
from ..model import AbstentionReason, Article, Draft, DraftClaim, Passage, Plan, Usage

Count = Callable[[Sequence[str]], list[int]]

LABEL_TOKENS = 6  # "[S123] " and the line's end
HEADER_TOKENS = 40  # markers and field names around an article

MAX_LABELS = 4  # one fact rests on few sentences; a small model, given the chance, cites everything it was shown

MODEL_REASONS: tuple[AbstentionReason, ...] = ("not_covered", "detail_not_stated", "premise_contradicted")


@dataclass(frozen=True)
class Drafted:
    """A draft, the passages that were shown for it, and what it cost."""

    draft: Draft
    shown: tuple[Passage, ...]
    usage: Usage | None


def draft(
    plan: Plan,
    passages: tuple[Passage, ...],
    articles: Mapping[str, Article],
    *,
    chat: ChatModel,
    prompt: Prompt,
    budget: int,
    count: Count,
) -> Drafted:
    """Ask the model once, showing at most ``budget`` tokens of sentences. Raises ModelError and its kinds."""
    shown = fit(passages, articles, budget, count)
    if not shown:
        return Drafted(Draft(answerable=False, reason="not_covered"), (), None)
    messages = prompt.render(
        boundary=secrets.token_hex(8), articles=_sections(shown, articles), question=visible(plan.standalone)
    )
    completion = chat.complete(messages, _shape([p.label for p in shown]))
    return Drafted(_draft(completion.parsed.model_dump()), shown, completion.usage)


def fit(
    passages: tuple[Passage, ...], articles: Mapping[str, Article], budget: int, count: Count
) -> tuple[Passage, ...]:
    """The best passages whose sentences and headers stay within ``budget`` tokens, in their original order.

    Whole sentences are dropped, the lowest score first.
    """
    sizes = count([visible(p.sentence.text) for p in passages])
    ids = list(dict.fromkeys(p.article_id for p in passages))
    headers = dict(zip(ids, count([_header(articles[i]) for i in ids]), strict=True))
    best = sorted(range(len(passages)), key=lambda i: (-passages[i].score, i))
    kept: set[int] = set()
    opened: set[str] = set()
    total = 0
    for i in best:
        article_id = passages[i].article_id
        cost = sizes[i] + LABEL_TOKENS
        cost += 0 if article_id in opened else headers[article_id] + HEADER_TOKENS
        if total + cost > budget:
            break
        total += cost
        kept.add(i)
        opened.add(article_id)
    return tuple(passages[i] for i in sorted(kept))


def _header(article: Article) -> str:
    return visible(f"{article.title or ''} {article.source or ''} {article.published or ''}")


def _sections(shown: tuple[Passage, ...], articles: Mapping[str, Article]) -> list[dict[str, Any]]:
    sections = []
    for article_id, group in groupby(shown, key=lambda p: p.article_id):
        article = articles[article_id]
        sections.append(
            {
                "title": visible(article.title or ""),
                "source": visible(article.source or ""),
                "published": article.published.isoformat() if article.published else "",
                "sentences": [{"label": p.label, "text": visible(p.sentence.text)} for p in group],
            }
        )
    return sections


def _shape(labels: list[str]) -> type[BaseModel]:
    """The reply's shape for these labels.

    The schema lists the labels, so a server that enforces it cannot produce another; validation takes any string, so
    that one unknown label costs its claim (in ``verify``) and not the whole answer.
    """
    enum = {"type": "string", "enum": labels}
    cited = Annotated[
        list[str], WithJsonSchema({"type": "array", "items": enum, "minItems": 1, "maxItems": MAX_LABELS})
    ]
    reason = Annotated[str | None, WithJsonSchema({"type": ["string", "null"], "enum": [*MODEL_REASONS, None]})]
    claim = create_model("Claim", text=(str, ...), sentences=(cited, ...), speaker=(str | None, ...))
    return create_model("Reply", answerable=(bool, ...), reason=(reason, ...), claims=(list[claim], ...))  # type: ignore[valid-type]


def _draft(reply: dict[str, Any]) -> Draft:
    reason = reply["reason"] if reply["reason"] in MODEL_REASONS else None
    claims = tuple(
        DraftClaim(text=c["text"].strip(), labels=tuple(dict.fromkeys(c["sentences"])), speaker=c["speaker"] or None)
        for c in reply["claims"]
        if c["text"].strip()
    )
    answerable = bool(claims) and reply["answerable"]
    return Draft(answerable=answerable, claims=claims if answerable else (), reason=None if answerable else reason)
