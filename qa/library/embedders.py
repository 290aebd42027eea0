"""Embedders: texts in, unit vectors out. Local unless the library was made with another."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import EmbeddingRefused, MissingKey, ModelUnavailable, SettingsError
from ..llm.tokens import count
from ..settings import LOCAL_EMBEDDER, Settings

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import CreateEmbeddingResponse
    from wordllama.inference import WordLlamaInference

Vectors = NDArray[np.float32]

# Limits of OpenAI's embeddings endpoint (API reference, "Create embeddings"): 2,048 inputs and 300,000 tokens a
# request, 8,192 tokens an input. A little room is left because a local server may count differently. Nothing is cut
# to the input limit: a chunk is about 200 tokens, or one sentence of at most 4,000 characters (sentences.LONGEST).
MAX_INPUTS = 2048
MAX_REQUEST_TOKENS = 250_000


class Embedder(Protocol):
    """Turns texts into vectors. ``name`` identifies the vector space: equal names, comparable vectors."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, each of length 1 (or 0 for a text without words)."""
        ...


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero, so it is near nothing instead of NaN."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return scaled


class WordLlamaEmbedder:
    """WordLlama's 256-dimensional static vectors, shipped in its wheel: no download, thousands of chunks a second.

    Source: https://github.com/dleemiller/WordLlama (MIT).
    """

    name = LOCAL_EMBEDDER

    def __init__(self) -> None:
        self._model: WordLlamaInference | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; shape (len(texts), 256)."""
        if not texts:
            return np.zeros((0, 256), np.float32)
        if self._model is None:
            with _root_logger_kept():
                import wordllama

            # Named folder and no download: the plain load() looks for its tokenizer on the network.
            folder = Path(wordllama.__file__).parent
            self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        return unit(np.asarray(self._model.embed(list(texts))))


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """Undo what an import does to the root logger: WordLlama's turns every library's INFO messages on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


class OpenAIEmbedder:
    """An OpenAI-compatible ``/v1/embeddings`` endpoint; used only when a library was made with it."""

    def __init__(self, model: str, settings: Settings) -> None:
        self.name = f"openai:{model}"
        self._model = model
        self._settings = settings
        self._client: OpenAI | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One request a batch, none for no texts: then shape (0, 0). Raises MissingKey, ModelUnavailable."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        import openai

        parts: list[Vectors] = []
        sizes = count(texts, self._model)
        try:
            for batch in batches(texts, sizes):
                response = self._connect().embeddings.create(model=self._model, input=batch, encoding_format="float")
                parts.append(self._read(response, len(batch)))
            return unit(np.concatenate(parts))
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise EmbeddingRefused(
                f"The embedder {self.name} at {self._settings.address} refuses a text (HTTP {error.status_code})."
            ) from error
        except openai.OpenAIError as error:
            raise ModelUnavailable(
                f"The embedder {self.name} at {self._settings.address} failed ({type(error).__name__}). Check the "
                "address and the key; what was already stored is kept, so run the same command again."
            ) from error
        except (AttributeError, TypeError, ValueError) as error:  # no list of data, no numbers, or of differing length
            raise ModelUnavailable(
                f"The embedder {self.name} at {self._settings.address} did not return one vector a text, all of one "
                "length. Check that OPENAI_BASE_URL serves this embedding model; what was already stored is kept."
            ) from error

    @staticmethod
    def _read(response: CreateEmbeddingResponse, asked: int) -> Vectors:
        """The vectors in the order of the texts. Raises ValueError and the like for what are no such vectors."""
        data = sorted(response.data, key=lambda item: item.index)
        vectors = np.array([item.embedding for item in data], np.float32)
        if vectors.ndim != 2 or len(vectors) != asked or not vectors.size:
            raise ValueError(f"shape {vectors.shape} for {asked} texts")
        return vectors

    def _connect(self) -> OpenAI:
        if self._client is None:
            import openai

            key = self._settings.openai_api_key
            if key is None and self._settings.openai_base_url is None:
                raise MissingKey(f"This library was embedded with {self.name}: set OPENAI_API_KEY or OPENAI_BASE_URL.")
            self._client = openai.OpenAI(
                api_key=key.get_secret_value() if key else "none",
                base_url=self._settings.base_url,
                timeout=self._settings.timeout,
            )
        return self._client


def batches(texts: Sequence[str], tokens: Sequence[int]) -> Iterator[list[str]]:
    """Texts in order, in runs of at most MAX_INPUTS texts and MAX_REQUEST_TOKENS tokens."""
    batch: list[str] = []
    total = 0
    for text, size in zip(texts, tokens, strict=True):
        if batch and (len(batch) == MAX_INPUTS or total + size > MAX_REQUEST_TOKENS):
            yield batch
            batch, total = [], 0
        batch.append(text)
        total += size
    if batch:
        yield batch


def embedder_named(name: str, settings: Settings) -> Embedder:
    """The embedder with this name (``wordllama`` or ``openai:<model>``). Raises SettingsError for any other."""
    if name == LOCAL_EMBEDDER:
        return WordLlamaEmbedder()
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        return OpenAIEmbedder(model, settings)
    raise SettingsError(f"There is no embedder {name!r}. Use {LOCAL_EMBEDDER!r} or 'openai:<model>'.")
