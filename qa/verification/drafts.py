"""Drafts on their way to verification, whole or claim by claim."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from ..errors import ModelError
from ..llm.prompts import Message
from ..model import Draft, DraftClaim, Passage, Rejected, Usage


@dataclass(frozen=True)
class Drafted:
    """A draft, the passages that were shown for it, what it cost, and the conversation so far for a repair.

    ``fault`` says why the reply ended before the model had ended it.
    """

    draft: Draft
    shown: tuple[Passage, ...]
    usage: Usage | None = None
    asked: tuple[Message, ...] = ()
    fault: ModelError | None = None


@dataclass(frozen=True)
class Drafting:
    """A draft on its way: what is shown for it, and its claims, each as soon as it is whole.

    The generator's value is the whole draft; its claims begin with those that were yielded. ``repair`` asks once more,
    naming the claims that were rejected; it raises ModelError. None where nobody can be asked.
    """

    shown: tuple[Passage, ...]
    claims: Generator[DraftClaim, None, Drafted]
    repair: Callable[[Drafted, Sequence[Rejected]], Drafted] | None = None


def ready(drafted: Drafted) -> Drafting:
    """A draft that is there already."""

    def nothing_more() -> Generator[DraftClaim, None, Drafted]:
        yield from ()
        return drafted

    return Drafting(drafted.shown, nothing_more())
