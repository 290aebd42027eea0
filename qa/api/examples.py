"""The examples in the OpenAPI description. A test sends the requests, and compares the responses with these."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

DESCRIPTION = (
    "Send `Authorization: Bearer TOKEN` if the server needs one. Errors are `application/problem+json` (RFC 9457), and "
    "every response has an `X-Request-Id`. Text of articles is untrusted: show it as text, never as HTML."
)

TEXT = {
    "text": (
        "The Salthouse ferry line will cut its evening sailings from April, its director Mara Quist said on Wednesday. "
        "“We lose 4,200 crowns on every crossing after dark,” Quist told reporters.\n\n"
        "Harbour workers were not consulted, according to union secretary Piet Doorn. He said a strike could follow."
    ),
    "title": "Ferry line to cut evening sailings",
    "source": "Coast Wire",
    "published": "2026-03-05",
    "url": "https://coastwire.example/ferry",
}
ADDRESS = {"url": "https://coastwire.example/feed.xml", "full": True}
ASKED = {"question": "What did Mara Quist say the line loses on every crossing after dark?"}
ANSWER: dict[str, Any] = json.loads((files(__package__) / "answer.json").read_text(encoding="utf-8"))
"""The answer to ``ASKED`` from a library that holds ``TEXT``."""
STREAM = (
    'id: 1\nevent: stage\ndata: {"name":"planning","detail":""}\n\n'
    'id: 2\nevent: claim\ndata: {"claim":{…},"citations":[{…}]}\n\n'
    'id: 3\nevent: done\ndata: {"answer":{…}}\n\n'
)
GOLD = """\
cases:
  - id: loss
    question: What did Mara Quist say the line loses on every crossing after dark?
    answerable: true
    facts: [["4,200 crowns"]]
    evidence:
      - article: Ferry line to cut evening sailings
        contains: We lose 4,200 crowns
"""


def _body(media_type: str, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: more}}}


QUESTION = _body("application/json", example=ASKED, schema={"$ref": "#/components/schemas/Question"})
RECHECK = _body("application/json", example=ANSWER, schema={"$ref": "#/components/schemas/Answer-Input"})
EVALUATION = _body("application/yaml", example=GOLD, schema={"type": "string"})
ANSWER_OR_STREAM: dict[str, Any] = {
    "description": "The answer, or the stream of its events",
    "content": {
        "application/json": {"example": ANSWER},
        "text/event-stream": {"example": STREAM, "schema": {"type": "string"}},
    },
}
_FILES = {
    "type": "object",
    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
    "required": ["file"],
}
_ADDRESS = {
    "type": "object",
    "description": "a page or feed to fetch",
    "properties": {"url": {"type": "string"}, "full": {"type": "boolean", "default": False}},
    "required": ["url"],
}
_TEXT = {
    "type": "object",
    "description": "an article as text",
    "properties": {
        "text": {"type": "string"},
        "title": {"type": "string"},
        "source": {"type": "string"},
        "authors": {"type": "array", "items": {"type": "string"}},
        "published": {"type": "string", "description": "YYYY-MM-DD, or an instant"},
        "url": {"type": "string"},
    },
    "required": ["text"],
}
ARTICLES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FILES},
            "application/json": {
                "schema": {"oneOf": [_ADDRESS, _TEXT]},
                "examples": {"address": {"value": ADDRESS}, "text": {"value": TEXT}},
            },
        },
    }
}
