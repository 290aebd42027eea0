"""Embedders: shapes and lengths of vectors, limits of a request, and faults of a server."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa.errors import MissingKey, ModelUnavailable, SettingsError
from qa.library import embedders as embed
from qa.library.embedders import OpenAIEmbedder, WordLlamaEmbedder, batches, embedder_named, unit
from qa.settings import LOCAL_EMBEDDER, Settings

# -- local -------------------------------------------------------------------------------------------------------------


def test_local_vectors_have_length_one_or_zero_for_an_empty_text() -> None:
    vectors = WordLlamaEmbedder().embed(["The ferry line cut its evening sailings.", "", "Mara Quist"])
    assert (vectors.shape, vectors.dtype) == ((3, 256), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)


def test_embedding_no_texts_gives_no_vectors() -> None:
    assert WordLlamaEmbedder().embed([]).shape == (0, 256)


def test_a_zero_row_stays_zero() -> None:
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [pytest.approx([0.6, 0.8]), [0, 0]]


def test_local_vectors_are_those_of_the_package_which_is_not_imported() -> None:
    texts = [
        "The ferry line cut its evening sailings.",
        "Mara Quist, 62, “said” so: €1.5 million — naïvely.",
        "x" * 900,
    ]
    code = (
        "import json, sys; from qa.library.embedders import WordLlamaEmbedder, unit\n"
        "texts = json.loads(sys.argv[1]); ours = WordLlamaEmbedder().embed(texts)\n"
        "before = 'wordllama' in sys.modules\n"
        "import wordllama; from pathlib import Path\n"
        "own = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)\n"
        "print(before, float(abs(unit(own.embed(texts)) - ours).max()))"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(texts)], capture_output=True, text=True, check=True)
    before, difference = done.stdout.split()
    assert before == "False"
    assert float(difference) < 1e-6


# -- batches -----------------------------------------------------------------------------------------------------------


def test_batches_keep_the_order_and_the_limit_of_inputs() -> None:
    texts = [str(n) for n in range(2 * embed.MAX_INPUTS + 1)]
    result = list(batches(texts, [1] * len(texts)))
    assert [len(batch) for batch in result] == [embed.MAX_INPUTS, embed.MAX_INPUTS, 1]
    assert [text for batch in result for text in batch] == texts


def test_batches_keep_the_limit_of_tokens() -> None:
    most = embed.MAX_REQUEST_TOKENS
    assert list(batches("abcde", [most - 1, 1, 1, most + 1, 1])) == [["a", "b"], ["c"], ["d"], ["e"]]
    assert list(batches([], [])) == []


# -- a server ----------------------------------------------------------------------------------------------------------


def embedder(httpserver: HTTPServer) -> OpenAIEmbedder:
    return OpenAIEmbedder("m", Settings(openai_base_url=httpserver.url_for("/v1"), openai_api_key=SecretStr("k")))


def serve(httpserver: HTTPServer, *vectors: object) -> None:
    data = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    httpserver.expect_request("/v1/embeddings").respond_with_json({"object": "list", "model": "m", "data": data})


def test_texts_are_sent_in_batches_and_vectors_are_returned_in_their_order(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[list[str]] = []

    def answer(request: Request) -> Response:
        texts: list[str] = json.loads(request.data)["input"]
        requests.append(texts)
        data: list[Any] = [{"index": n, "embedding": [float(text), 1.0]} for n, text in enumerate(texts)]
        return Response(json.dumps({"data": data[::-1]}), content_type="application/json")

    monkeypatch.setattr(embed, "MAX_INPUTS", 2)
    httpserver.expect_request("/v1/embeddings").respond_with_handler(answer)
    vectors = embedder(httpserver).embed(["1", "2", "3"])
    assert requests == [["1", "2"], ["3"]]
    assert vectors[:, 0] / vectors[:, 1] == pytest.approx([1, 2, 3])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])


def test_embedding_no_texts_sends_no_request(httpserver: HTTPServer) -> None:
    assert embedder(httpserver).embed([]).shape == (0, 0)
    assert httpserver.log == []


@pytest.mark.parametrize(
    "vectors",
    [(), ([1.0, 0.0],), ([1.0], [1.0], [1.0]), ([1.0, 0.0], [1.0]), ([], []), ("AAAA", "BBBB"), (None, None)],
    ids=["none", "fewer", "more", "ragged", "empty", "not numbers", "null"],
)
def test_a_reply_without_one_vector_for_each_text_is_an_error(httpserver: HTTPServer, vectors: tuple[object]) -> None:
    serve(httpserver, *vectors)
    with pytest.raises(ModelUnavailable, match="Check that OPENAI_BASE_URL serves this embedding model"):
        embedder(httpserver).embed(["a", "b"])


def test_batches_with_vectors_of_different_lengths_are_an_error(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "MAX_INPUTS", 1)
    for vector in ([1.0], [1.0, 0.0]):
        httpserver.expect_ordered_request("/v1/embeddings").respond_with_json(
            {"data": [{"index": 0, "embedding": vector}]}
        )
    with pytest.raises(ModelUnavailable, match="all of one length"):
        embedder(httpserver).embed(["a", "b"])


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_an_html_page_instead_of_vectors_is_an_error(httpserver: HTTPServer, kind: str) -> None:
    httpserver.expect_request("/v1/embeddings").respond_with_data("<h1>Hello</h1>", content_type=kind)
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL"):
        embedder(httpserver).embed(["a"])


def test_the_error_for_a_refused_key_names_the_remedy(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/embeddings").respond_with_json({"error": {"message": "no"}}, status=401)
    with pytest.raises(ModelUnavailable, match="Check the address and the key"):
        embedder(httpserver).embed(["a"])


def test_the_error_for_a_server_fault_names_the_remedy(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/embeddings").respond_with_data("", status=500)
    with pytest.raises(ModelUnavailable, match="run the same command again"):
        embedder(httpserver).embed(["a"])


def test_the_error_for_a_missing_key_names_the_setting() -> None:
    with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
        OpenAIEmbedder("m", Settings()).embed(["a"])


def test_embedders_are_found_by_name() -> None:
    assert embedder_named(LOCAL_EMBEDDER, Settings()).name == LOCAL_EMBEDDER
    assert embedder_named("openai:m", Settings()).name == "openai:m"
    for name in ("magic", "openai:", ""):
        with pytest.raises(SettingsError, match="wordllama"):
            embedder_named(name, Settings())
