"""Token counts equal tiktoken's, without a network connection and whatever the state of the cache folders."""

from __future__ import annotations

import inspect
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tiktoken.registry
from tiktoken_ext import openai_public  # type: ignore[import-untyped]

from qa.errors import SettingsError
from qa.llm import tokens


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No encoding is loaded, our cache folder is empty, and every attempt to use the network is an error."""

    def blocked(*_: object, **__: object) -> None:
        raise AssertionError("a connection was attempted")

    folder = tmp_path / "cache"
    monkeypatch.setattr(socket, "socket", blocked)
    monkeypatch.setattr(socket, "getaddrinfo", blocked)
    monkeypatch.setattr(tokens, "user_cache_path", lambda _: folder)
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    monkeypatch.delenv("DATA_GYM_CACHE_DIR", raising=False)
    tokens._load.cache_clear()
    yield folder / "tiktoken"
    tokens._load.cache_clear()


@pytest.mark.parametrize(
    ("model", "encoding", "estimate"),
    [
        (None, "o200k_base", False),
        ("gpt-4o", "o200k_base", False),
        ("gpt-4", "cl100k_base", False),
        ("text-embedding-3-small", "cl100k_base", False),
        ("gpt-oss-20b", "o200k_harmony", False),
        ("gpt-6-luna", "o200k_base", True),
        ("qwen3:4b", "o200k_base", True),
        ("", "o200k_base", True),
        ("text-davinci-003", "o200k_base", True),  # tiktoken knows this model, but its vocabulary is not shipped
    ],
)
def test_each_model_gets_its_encoding_or_an_estimate(
    cache: Path, model: str | None, encoding: str, estimate: bool
) -> None:
    tokenizer = tokens.encoding_for(model)
    assert (tokenizer.encoding.name, tokenizer.estimate) == (encoding, estimate)
    assert [len(file.name) for file in cache.iterdir()] == [40]  # only the vocabulary, no temporary file


def test_counts_equal_known_values(cache: Path) -> None:
    assert tokens.encoding_for("gpt-4").encoding.encode("hello world") == [15339, 1917]
    assert tokens.encoding_for("gpt-4o").encoding.encode("hello world") == [24912, 2375]
    assert tokens.count(["hello world", "", "hello"], "gpt-4o") == [2, 0, 1]
    assert tokens.count([]) == []


def test_special_tokens_are_counted_as_plain_text(cache: Path) -> None:
    (size,) = tokens.count(["<|endoftext|>"])
    assert size > 1


@pytest.mark.parametrize("text", [" " * 1_500_000, "\ud800", "a" * 200_000, "<|endofprompt|>" * 9])
def test_no_text_makes_counting_fail(cache: Path, text: str) -> None:
    assert tokens.count([text, "hello"], "gpt-4o")[1] == 1


def test_long_texts_are_counted_in_slices(cache: Path) -> None:
    text = "The dam broke on Monday. " * 10_000
    exact = len(tokens.encoding_for().encoding.encode_ordinary(text))
    assert 0 <= tokens.count([text])[0] - exact <= 2


def test_loading_restores_the_environment(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.encoding_for("gpt-4o")
    assert "TIKTOKEN_CACHE_DIR" not in os.environ
    user_folder = tmp_path / "user"
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(user_folder))
    tokens.encoding_for("gpt-4")
    assert os.environ["TIKTOKEN_CACHE_DIR"] == str(user_folder)
    assert len(list(user_folder.iterdir())) == 1  # where tiktoken itself would put the file


def test_an_empty_cache_setting_does_not_lead_to_a_download(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert tokens.count(["hello"]) == [1]
    assert os.environ["TIKTOKEN_CACHE_DIR"] == ""


def test_a_damaged_vocabulary_file_is_replaced(cache: Path) -> None:
    tokens.encoding_for("gpt-4")
    (file,) = cache.iterdir()
    intact = file.read_bytes()
    file.write_bytes(intact[:1000])
    tokens._load.cache_clear()
    tiktoken.registry.ENCODINGS.clear()
    assert tokens.count(["hello world"], "gpt-4") == [2]
    assert file.read_bytes() == intact


def test_counting_works_if_the_cache_folder_cannot_be_written(cache: Path) -> None:
    cache.parent.write_text("a file where the folder should be")
    assert tokens.count(["hello world"]) == [2]


def test_the_error_if_no_folder_can_be_written_names_the_remedy(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(tokens, "_write", full)
    with pytest.raises(SettingsError, match=r"No space left on device.*TIKTOKEN_CACHE_DIR"):
        tokens.count(["hello"])


def test_the_error_without_the_vocabulary_package_names_the_remedy(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"not installed.*pip install --force-reinstall bpe-openai"):
        tokens.count(["hello"])


def test_a_vocabulary_with_another_hash_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tokens._SHA256, "o200k_base", "0" * 64)
    with pytest.raises(SettingsError, match="SHA-256"):
        tokens.count(["hello"])
    assert not cache.exists()


def test_a_cached_vocabulary_works_without_the_package(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.encoding_for("gpt-4")
    tokens._load.cache_clear()
    monkeypatch.setattr(tokens, "find_spec", lambda _: None)
    assert tokens.count(["hello world"], "gpt-4") == [2]


def test_many_threads_can_load_at_once(cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: tokens.count(["hello world"], "gpt-4"), range(16))) == [[2]] * 16
    assert "TIKTOKEN_CACHE_DIR" not in os.environ


@pytest.mark.parametrize("vocabulary", sorted(tokens._SHA256))
def test_addresses_and_hashes_equal_those_of_tiktoken(vocabulary: str) -> None:
    # If they differed, tiktoken would reject our file and download its own.
    source = inspect.getsource(openai_public.ENCODING_CONSTRUCTORS[vocabulary])
    assert tokens._ADDRESS.format(vocabulary) in source
    assert tokens._SHA256[vocabulary] in source


def test_tiktoken_is_imported_only_when_needed() -> None:
    code = "import sys, qa.llm.tokens; sys.exit('tiktoken' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
