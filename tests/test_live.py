"""A real model on a real server, if one is named. This tests the connection, not the quality of the answers.

LIVE_BASE_URL=http://127.0.0.1:8181/v1 LIVE_MODEL=name pytest tests/test_live.py
"""

from __future__ import annotations

import os
from typing import Literal

import pytest

from qa import answer
from qa.model import Article
from qa.settings import Settings

BASE_URL, MODEL = os.environ.get("LIVE_BASE_URL"), os.environ.get("LIVE_MODEL")
TEXT = "The line cuts six sailings from Monday. Director Mara Quist said the boats are old. The repair takes weeks."

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not BASE_URL, reason="set LIVE_BASE_URL and LIVE_MODEL to ask a real model"),
]


@pytest.mark.parametrize("judge", ["local", "chat"])
@pytest.mark.parametrize("question", ["How many sailings does the line cut?", "Who won the cycling race?"])
def test_a_real_model_answers_or_abstains_with_exact_quotes(question: str, judge: Literal["local", "chat"]) -> None:
    settings = Settings(openai_base_url=BASE_URL, model=MODEL, judge=judge, timeout=300)
    article = Article(id="a", version="v", title="Line cuts six sailings", source="Coast Wire", text=TEXT)
    found = answer(question, articles=[article], settings=settings)
    assert found.provenance.mode == "model"
    assert found.provenance.usage
    assert found.provenance.usage.input > 0
    assert all(c.quote == TEXT[c.start : c.end] for c in found.citations)
    assert found.claims or found.abstention
