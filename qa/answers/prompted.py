"""The prompted model's draft: labelled sentences in, claims that point at labels out. Nothing here is verified."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, ValidationError, WithJsonSchema, create_model
from pydantic_core import from_json

from ..articles.parse import ParsedArticle
from ..english.characters import visible
from ..errors import ModelError
from ..llm.chat import ChatModel, Completion
from ..llm.limits import Limits
from ..llm.prompts import Message, Prompt
from ..model import AbstentionReason, Article, Draft, DraftClaim, Passage, Rejected
from ..questions.plan import Plan
from ..verification.drafts import Drafted, Drafting, ready
from ..verification.notes import note

Count = Callable[[Sequence[str]], list[int]]

LABEL_TOKENS = 6  # "[S123] " and the line's end
HEADER_TOKENS = 60  # markers with their random code, and field names, around an article
FRAME_TOKENS = 20  # what a server puts around the messages

MAX_LABELS = 4  # one fact rests on few sentences; a small model, given the chance, cites everything it was shown

MODEL_REASONS: tuple[AbstentionReason, ...] = ("not_covered", "detail_not_stated", "premise_contradicted")


@dataclass(frozen=True)
class Drafter:
    """A model with what it is asked by: the prompts, the tokens a request may have, and how they are counted."""

    chat: ChatModel
    answer: Prompt
    repair: Prompt
    budget: int
    count: Count


def draft(
    plan: Plan, passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle], drafter: Drafter, limits: Limits
) -> Drafting:
    """Ask the model once, with a prompt of at most ``drafter.budget`` tokens.

    Its generator raises ModelError and its kinds where the reply fails before its first claim is whole.
    """
    question = visible(plan.standalone)
    frame = drafter.answer.render(boundary="", articles=[], question=question)
    budget = drafter.budget - sum(drafter.count([m.content for m in frame])) - FRAME_TOKENS
    shown = fit_to_budget(passages, articles, budget, drafter.count)
    while shown:
        messages = drafter.answer.render(
            boundary=secrets.token_hex(8), articles=_sections(shown, articles), question=question
        )
        # Tokens of the parts are an estimate of the whole's, so the whole is counted too.
        if sum(drafter.count([m.content for m in messages])) + FRAME_TOKENS <= drafter.budget:
            return Drafting(
                shown,
                _streamed(drafter, messages, shown, limits),
                lambda drafted, rejected: repair(drafted, rejected, drafter, limits),
            )
        least = min(shown, key=lambda p: p.score)
        shown = tuple(p for p in shown if p is not least)
    # Nothing found is no coverage; nothing that fits the budget says nothing about the articles.
    return ready(Drafted(Draft(answerable=False, reason=None if passages else "not_covered"), ()))


def repair(drafted: Drafted, rejected: Sequence[Rejected], drafter: Drafter, limits: Limits) -> Drafted:
    """Ask once more, naming what was rejected and why. The articles are in the conversation already.

    Raises ModelError and its kinds.
    """
    faults = [
        {"text": visible(r.text), "labels": ", ".join(r.labels), "reason": r.reason, "detail": visible(r.detail)}
        for r in rejected
    ]
    messages = (*drafted.asked, *drafter.repair.render(faults=faults))
    return _asked(drafter, messages, drafted.shown, limits)


def _asked(drafter: Drafter, messages: tuple[Message, ...], shown: tuple[Passage, ...], limits: Limits) -> Drafted:
    return _drafted(drafter.chat.complete(messages, _shape([p.label for p in shown]), limits), messages, shown)


def _streamed(
    drafter: Drafter, messages: tuple[Message, ...], shown: tuple[Passage, ...], limits: Limits
) -> Generator[DraftClaim, None, Drafted]:
    """The claims of a reply as they are written. What was whole before a fault stays, with the fault."""
    shape = _shape([p.label for p in shown])
    texts = drafter.chat.stream(messages, shape, limits)
    written: list[DraftClaim] = []
    try:
        text = next(texts)
        while True:
            for claim in _whole(text, shape)[len(written) :]:
                written.append(claim)
                yield claim
            text = texts.send(bool(written))
    except StopIteration as end:
        return _drafted(end.value, messages, shown)
    except ModelError as fault:
        if not written:
            raise
        return Drafted(Draft(answerable=True, claims=tuple(written)), shown, None, messages, fault)
    finally:
        texts.close()


def _whole(text: str, shape: type[BaseModel]) -> tuple[DraftClaim, ...]:
    """The claims of an answer under way that have been written to their end; none before it says it is an answer.

    An object has ended where the reply could end behind it, or where another one has begun.
    """
    body = text.strip().removeprefix("```json").removeprefix("```")
    reply: Any = None
    for ending in ("", "]}"):
        with suppress(ValueError):
            reply = reply or from_json(body + ending)
    try:
        partial = reply or from_json(body, allow_partial=True)
        if not isinstance(partial, dict) or partial.get("answerable") is not True:
            return ()
        claims = partial.get("claims") or []
        ended = claims if reply else claims[:-1]
        checked = shape.model_validate({"answerable": True, "reason": None, "claims": ended})
    except (ValueError, ValidationError):
        return ()  # the whole reply will say what is wrong with it
    return _draft(checked.model_dump()).claims


def _drafted(completion: Completion[BaseModel], messages: tuple[Message, ...], shown: tuple[Passage, ...]) -> Drafted:
    said = Message("assistant", completion.parsed.model_dump_json())
    return Drafted(_draft(completion.parsed.model_dump()), shown, completion.usage, (*messages, said))


def fit_to_budget(
    passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle], budget: int, count: Count
) -> tuple[Passage, ...]:
    """The best passages whose sentences and headers stay within ``budget`` tokens, in their original order.

    Whole sentences are dropped, the lowest score first, and any that alone exceeds the budget.
    """
    sizes = count([f"{visible(p.sentence.text)} {note(articles[p.article_id], p.sentence)}" for p in passages])
    ids = list(dict.fromkeys(p.article_id for p in passages))
    headers = dict(zip(ids, count([_header(articles[i].article) for i in ids]), strict=True))
    best = sorted(range(len(passages)), key=lambda i: (-passages[i].score, i))
    kept: set[int] = set()
    opened: set[str] = set()
    total = 0
    for i in best:
        article_id = passages[i].article_id
        cost = sizes[i] + LABEL_TOKENS
        cost += 0 if article_id in opened else headers[article_id] + HEADER_TOKENS
        if cost > budget:
            continue  # this one alone is too long, whatever its score
        if total + cost > budget:
            break
        total += cost
        kept.add(i)
        opened.add(article_id)
    return tuple(passages[i] for i in sorted(kept))


def _header(article: Article) -> str:
    return visible(f"{article.title or ''} {article.source or ''} {article.published or ''}")


def _sections(shown: tuple[Passage, ...], articles: Mapping[str, ParsedArticle]) -> list[dict[str, Any]]:
    sections = []
    place = {article_id: n for n, article_id in enumerate(dict.fromkeys(p.article_id for p in shown))}
    for article_id, group in groupby(sorted(shown, key=lambda p: place[p.article_id]), key=lambda p: p.article_id):
        parsed = articles[article_id]
        article = parsed.article
        sections.append(
            {
                "title": visible(article.title or ""),
                "source": visible(article.source or ""),
                "published": article.published.isoformat() if article.published else "",
                "sentences": [
                    {"label": p.label, "text": visible(p.sentence.text), "note": note(parsed, p.sentence)}
                    for p in group
                ],
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
    if claims and (reply["answerable"] or reason == "premise_contradicted"):
        # Where the premise is wrong, the claims are those that contradict it.
        return Draft(answerable=reply["answerable"], claims=claims, reason=None if reply["answerable"] else reason)
    return Draft(answerable=False, reason=None if reply["answerable"] else reason)
