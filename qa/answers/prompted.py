"""Drafts by a prompted model. It is shown labelled sentences and returns claims with labels, not yet verified."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
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
from ..verification.notes import note, without_notes

Count = Callable[[Sequence[str]], list[int]]

LABEL_TOKENS = 6  # for "[S123] " and the end of the line
HEADER_TOKENS = 60  # for the markers with their random code, and the field names, around an article
FRAME_TOKENS = 20  # for what a server adds around the messages

MAX_LABELS = 4  # one fact needs few sentences, but a small model would cite everything it was shown

MOST_MISSING = 5  # the most parts of a question that a model may name as left open
LOOK_FOR_WORDS = 8  # the most words of a second search

MODEL_REASONS: tuple[AbstentionReason, ...] = ("not_covered", "detail_not_stated", "premise_contradicted")


@dataclass(frozen=True)
class Drafter:
    """A model, its prompts, the most tokens in a prompt (``budget``), and the function that counts tokens."""

    chat: ChatModel
    answer: Prompt
    repair: Prompt
    budget: int
    count: Count


def draft(
    plan: Plan, passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle], drafter: Drafter, limits: Limits
) -> Drafting:
    """Ask the model for a draft, with a prompt of at most ``drafter.budget`` tokens.

    If the passages do not all fit, those with the lowest scores are left out. If none fits, the model is not asked.

    Returns:
        The draft in progress. Its generator raises ModelError or one of its subclasses if the reply fails before its
        first claim is complete.
    """
    question = visible(plan.standalone)
    asked = {"question": question, "asked_on": plan.asked_on.isoformat() if plan.asked_on else "unknown"}
    frame = drafter.answer.render(boundary="", articles=[], **asked)
    budget = drafter.budget - sum(drafter.count([m.content for m in frame])) - FRAME_TOKENS
    shown = _numbered(fit_to_budget(passages, articles, budget, drafter.count))
    while shown:
        messages = drafter.answer.render(boundary=secrets.token_hex(8), articles=_sections(shown, articles), **asked)
        # The tokens of the parts only add up to an estimate, so we count the whole prompt too.
        if sum(drafter.count([m.content for m in messages])) + FRAME_TOKENS <= drafter.budget:
            return Drafting(
                shown,
                _streamed(drafter, messages, shown, limits),
                lambda drafted, rejected: repair(drafted, rejected, drafter, limits),
            )
        least = min(shown, key=lambda p: p.score)
        shown = _numbered(p for p in shown if p is not least)
    # If nothing was found, the articles do not cover the question. If nothing fits the budget, we do not know.
    return ready(Drafted(Draft(answerable=False, reason=None if passages else "not_covered"), ()))


def _numbered(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return the passages with the labels S1…Sn, because some between them may have been left out."""
    return tuple(p.model_copy(update={"label": f"S{n}"}) for n, p in enumerate(passages, 1))


def repair(drafted: Drafted, rejected: Sequence[Rejected], drafter: Drafter, limits: Limits) -> Drafted:
    """Ask the model to correct rejected claims. The conversation goes on, so the articles are not sent again.

    Raises ModelError or one of its subclasses.
    """
    faults = [{"text": visible(r.text), "labels": ", ".join(r.labels), "detail": visible(r.detail)} for r in rejected]
    messages = (*drafted.asked, *drafter.repair.render(faults=faults))
    return _asked(drafter, messages, drafted.shown, limits)


def _asked(drafter: Drafter, messages: tuple[Message, ...], shown: tuple[Passage, ...], limits: Limits) -> Drafted:
    return _drafted(drafter.chat.complete(messages, _shape([p.label for p in shown]), limits), messages, shown)


def _streamed(
    drafter: Drafter, messages: tuple[Message, ...], shown: tuple[Passage, ...], limits: Limits
) -> Generator[DraftClaim, None, Drafted]:
    """Yield the claims of a reply as they arrive. If the reply fails later, return those claims with the error."""
    shape = _shape([p.label for p in shown])
    texts = drafter.chat.stream(messages, shape, limits)
    written: list[DraftClaim] = []
    try:
        text = next(texts)
        while True:
            for claim in _complete_claims(text, shape)[len(written) :]:
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


def _complete_claims(text: str, shape: type[BaseModel]) -> tuple[DraftClaim, ...]:
    """Return the complete claims of a partial reply; none until it says that it is an answer.

    The last claim is complete if the reply could end after it. The others are complete because another one follows.
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
        complete = claims if reply else claims[:-1]
        valid = shape.model_validate({"answerable": True, "reason": None, "claims": complete})
    except (ValueError, ValidationError):
        return ()  # parsing the whole reply will raise the error
    return _draft(valid.model_dump()).claims


def _drafted(completion: Completion[BaseModel], messages: tuple[Message, ...], shown: tuple[Passage, ...]) -> Drafted:
    said = Message("assistant", completion.parsed.model_dump_json())
    return Drafted(_draft(completion.parsed.model_dump()), shown, completion.usage, (*messages, said))


def fit_to_budget(
    passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle], budget: int, count: Count
) -> tuple[Passage, ...]:
    """Return the passages with the highest scores that fit into ``budget`` tokens, in their original order.

    The headers of their articles count too. Only whole sentences are left out: those with the lowest scores, and any
    sentence that is too long on its own.
    """
    sizes = count([f"{visible(p.sentence.text)} {note(articles[p.article_id], p.sentence)}" for p in passages])
    ids = list(dict.fromkeys(p.article_id for p in passages))
    headers = dict(zip(ids, count([_header(articles[i].article) for i in ids]), strict=True))
    best = sorted(range(len(passages)), key=lambda i: (-passages[i].score, i))
    chosen: set[int] = set()
    opened: set[str] = set()
    total = 0
    for i in best:
        article_id = passages[i].article_id
        cost = sizes[i] + LABEL_TOKENS
        cost += 0 if article_id in opened else headers[article_id] + HEADER_TOKENS
        if cost > budget:
            continue  # too long on its own, whatever its score
        if total + cost > budget:
            break
        total += cost
        chosen.add(i)
        opened.add(article_id)
    return tuple(passages[i] for i in sorted(chosen))


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
    """Return the shape of a reply that may cite these labels.

    The JSON schema lists the labels, so a server that enforces it cannot return another one. Our validation accepts any
    string, so that an unknown label only costs its claim (in verification) and not the whole answer.
    """
    enum = {"type": "string", "enum": labels}
    cited = Annotated[
        list[str], WithJsonSchema({"type": "array", "items": enum, "minItems": 1, "maxItems": MAX_LABELS})
    ]
    reason = Annotated[str | None, WithJsonSchema({"type": ["string", "null"], "enum": [*MODEL_REASONS, None]})]
    claim = create_model("Claim", text=(str, ...), sentences=(cited, ...), speaker=(str | None, ...))
    # A server that enforces the schema must give every field. From others we also take a reply without the last two.
    missing = Annotated[list[str] | None, WithJsonSchema({"type": "array", "items": {"type": "string"}})]
    return create_model(
        "Reply",
        answerable=(bool, ...),
        reason=(reason, ...),
        claims=(list[claim], ...),  # type: ignore[valid-type]
        missing=(missing, None),
        look_for=(str | None, None),
    )


def _draft(reply: dict[str, Any]) -> Draft:
    reason = reply["reason"] if reply["reason"] in MODEL_REASONS else None
    claims = tuple(
        DraftClaim(text=c["text"].strip(), labels=tuple(dict.fromkeys(c["sentences"])), speaker=c["speaker"] or None)
        for c in reply["claims"]
        if c["text"].strip()
    )
    if claims and (reply["answerable"] or reason == "premise_contradicted"):
        # If the premise is wrong, the claims are those that contradict it.
        missing = tuple(filter(None, (visible(part) for part in (reply["missing"] or ())[:MOST_MISSING])))
        answerable = reply["answerable"]
        return Draft(answerable=answerable, claims=claims, reason=None if answerable else reason, missing=missing)
    look_for = " ".join(without_notes(reply["look_for"] or "").split()[:LOOK_FOR_WORDS])
    return Draft(answerable=False, reason=None if reply["answerable"] else reason, look_for=visible(look_for) or None)
