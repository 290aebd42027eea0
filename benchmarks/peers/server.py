"""A model server on the loopback address that answers at once, in the shape that the client asks for.

Dateline asks for JSON with a schema and streams it: it gets one claim that repeats a sentence of the prompt, and from
the judge a yes. The others ask for text: they get one sentence that cites the first source.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TEXT = "The first source states it [1]."
LABELLED = re.compile(r"^\[(S\d+)\] ([^⟨\n]+)", re.MULTILINE)
STATEMENT = "<<<statement "
WORDS = 8  # a sentence with fewer may be a heading, which states nothing


class Instant(ThreadingHTTPServer):
    """The server. ``prompts`` holds the text of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.prompts: list[str] = []

    @property
    def address(self) -> str:
        """The address for a client of OpenAI's API."""
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def serving() -> Iterator[Instant]:
    """Run the server in a thread of this process."""
    with Instant() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def reply(asked: dict[str, Any]) -> str:
    """Return the text of the reply to a request."""
    schema = (asked.get("response_format") or {}).get("json_schema")
    if schema is None:
        return TEXT
    prompt = _text(asked["messages"][-1]["content"])
    if "verdicts" in schema["schema"]["properties"]:
        yes = {"differs": "", "words": [], "states": True, "answers": True}
        return json.dumps({"verdicts": [{"claim": n, **yes} for n in range(1, prompt.count(STATEMENT) + 1)]})
    sentences = ((label, text.strip()) for label, text in LABELLED.findall(prompt))
    label, text = next((one for one in sentences if one[1].count(" ") >= WORDS), ("S1", ""))
    claim = {"text": text, "sentences": [label], "speaker": None}
    return json.dumps({"answerable": True, "reason": None, "claims": [claim], "missing": [], "look_for": None})


def _text(content: str | list[dict[str, str]]) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class _Handler(BaseHTTPRequestHandler):
    server: Instant
    protocol_version = "HTTP/1.1"  # keeps connections open
    disable_nagle_algorithm = True
    wbufsize = -1  # the header and the body leave in one packet

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.prompts.append("\n".join(_text(message["content"]) for message in asked["messages"]))
        text, streamed = reply(asked), bool(asked.get("stream"))
        body = _events(text) if streamed else json.dumps(_whole(text)).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if streamed else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


USED = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
ENVELOPE = {"id": "i", "created": 1, "model": "instant"}


def _whole(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return ENVELOPE | {"object": "chat.completion", "choices": [choice], "usage": USED}


def _events(text: str) -> bytes:
    chunk = ENVELOPE | {"object": "chat.completion.chunk", "usage": None}
    said = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    chunks = (chunk | {"choices": [said]}, chunk | {"choices": [end]}, chunk | {"choices": [], "usage": USED})
    return "".join(f"data: {json.dumps(one)}\n\n" for one in chunks).encode() + b"data: [DONE]\n\n"
