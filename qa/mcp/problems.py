"""Errors as an assistant is told them: what is wrong and what helps, without paths, addresses and other internals."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from .. import errors
from ..api.problems import UNKNOWN_VERSION, Refusal, faults_in
from ..english.characters import displayable, well_formed

log = logging.getLogger("qa.mcp")

_WHY = "Whoever runs the server finds the reason in its log, and with: qa doctor"
BUSY = "The server is busy. Wait a few seconds, then call the tool again."
CORRECT = "Correct the arguments and call the tool again."
FAILED = "This is a fault of the server, and its log says where. Try again, or use another tool."
NO_VERSION = "The library does not keep this version of the article. Leave the version out."

_TOLD: Mapping[type[errors.QAError], str | None] = {
    errors.UnknownArticle: "No article has this id. Take an id from a citation, from search or from list_articles.",
    errors.EmptyLibrary: "The library has no articles yet. Whoever runs the server adds some with: qa ingest FILES",
    errors.InputError: None,  # its own words: they are about what the caller sent
    errors.LibraryError: "The library cannot be opened, or does not exist yet. Whoever runs the server makes one with: "
    "qa ingest FILES, and finds out what is wrong with one with: qa doctor",
    errors.ModelTimeout: "The model did not reply in time. Try again later; search and read_article need no model.",
    errors.OutOfCalls: "The question needed more calls to the model than are allowed. Ask a simpler question.",
    errors.ModelRefused: "The model refused to answer. Ask in other words, or use search, which needs no model.",
    errors.ModelError: f"The model cannot be used at the moment; search and read_article need none. {_WHY}",
    errors.QAError: f"The server is set up wrongly. {_WHY}",
}
"""What is said instead of an error's own message, by its class or the closest class above it."""


@contextmanager
def told() -> Iterator[None]:
    """Turn a ``QAError`` into a ToolError that may be shown to anybody. Its own message goes to the log."""
    try:
        yield
    except Refusal as refusal:
        raise ToolError(NO_VERSION if refusal.kind is UNKNOWN_VERSION else BUSY) from None
    except errors.QAError as error:
        words = next(_TOLD[cls] for cls in type(error).__mro__ if cls in _TOLD)
        if words is None:
            raise ToolError(displayable(well_formed(str(error)))[:1000]) from None
        log.warning("%s: %s", type(error).__name__, error)
        raise ToolError(words) from None


def faults_of(error: ValidationError) -> str:
    """Say what is wrong with the arguments of a call, without repeating them."""
    faults = faults_in(error.errors(include_url=False, include_input=False))
    listed = "; ".join(f"{fault.where or 'arguments'}: {fault.what}" for fault in faults)
    return f"{listed}. {CORRECT}"
