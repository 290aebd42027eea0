"""Embedders turn texts into unit vectors. The local one is used unless the library was created with another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
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
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

# Limits of OpenAI's embeddings endpoint (API reference, "Create embeddings"): 2,048 inputs and 300,000 tokens per
# request, 8,192 tokens per input. We stay below the token limit because a local server may count differently. No text
# is cut to the input limit: a chunk has about 200 tokens, or is one sentence of at most 4,000 characters
# (sentences.LONGEST).
MAX_INPUTS = 2048
MAX_REQUEST_TOKENS = 250_000
AT_ONCE = 512  # texts that are tokenized in one call, which uses all cores


class Embedder(Protocol):
    """Turns texts into vectors. Vectors of embedders with the same ``name`` can be compared."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of shape (len(texts), dimension), float32, of length 1 (0 for a text without words)."""
        ...


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Scale each row to length 1. A row of zeros stays zero instead of becoming NaN, so it is similar to nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return scaled


class WordLlamaEmbedder:
    """WordLlama's 256-dimensional static vectors. They ship in its wheel and embed thousands of chunks per second.

    Source: https://github.com/dleemiller/WordLlama (MIT).
    """

    name = LOCAL_EMBEDDER

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of shape (len(texts), 256); see Embedder.

        A vector is the mean of the vectors of the text's tokens, and the same whatever other texts are given. It is
        what ``WordLlamaInference.embed`` returns. That fills up the texts to one length and multiplies what it filled
        up by zero, which takes twice as long.
        """
        if not texts:
            return np.zeros((0, 256), np.float32)
        known, tokenizer = _wordllama()
        sums = np.zeros((len(texts), known.shape[1]), np.float32)
        for start in range(0, len(texts), AT_ONCE):
            some = list(texts[start : start + AT_ONCE])
            for row, encoded in enumerate(tokenizer.encode_batch_fast(some, add_special_tokens=False), start):
                tokens = np.array(encoded.ids, np.intp)
                if len(tokens):
                    np.add.reduce(known[tokens], axis=0, out=sums[row])
                    sums[row] /= len(tokens)
        return unit(sums)


@cache
def _wordllama() -> tuple[Vectors, Tokenizer]:
    """Load WordLlama's vectors, by token, and its tokenizer, once a process.

    The package itself is not imported. It would import what it downloads with, which takes as long as to load the
    vectors, and turn on the INFO messages of every library.
    """
    from safetensors import safe_open
    from tokenizers import Tokenizer

    package = find_spec("wordllama")
    if package is None or package.origin is None:
        raise SettingsError("The package wordllama is missing. Install it with: pip install wordllama")
    folder = Path(package.origin).parent
    with safe_open(folder / "weights" / "l2_supercat_256.safetensors", "np") as weights:
        vectors: Vectors = weights.get_tensor("embedding.weight").astype(np.float32)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return vectors, tokenizer


class OpenAIEmbedder:
    """An OpenAI-compatible ``/v1/embeddings`` endpoint. Used only for a library that was created with it."""

    def __init__(self, model: str, settings: Settings) -> None:
        self.name = f"openai:{model}"
        self._model = model
        self._settings = settings
        self._client: OpenAI | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts with one request per batch; see Embedder.

        Without texts there is no request, and the shape is (0, 0).

        Raises:
            MissingKey: neither a key nor an address is set.
            EmbeddingRefused: the server refuses a text.
            ModelUnavailable: the server fails, or does not return one vector for each text.
        """
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
        except (AttributeError, TypeError, ValueError) as error:  # no list, no numbers, or vectors of several lengths
            raise ModelUnavailable(
                f"The embedder {self.name} at {self._settings.address} did not return one vector for each text, all of "
                "one length. Check that OPENAI_BASE_URL serves this embedding model; what was already stored is kept."
            ) from error

    @staticmethod
    def _read(response: CreateEmbeddingResponse, texts: int) -> Vectors:
        """Return the vectors in the order of the texts. Raises ValueError or TypeError if they are not usable."""
        data = sorted(response.data, key=lambda item: item.index)
        vectors = np.array([item.embedding for item in data], np.float32)
        if vectors.ndim != 2 or len(vectors) != texts or not vectors.size:
            raise ValueError(f"shape {vectors.shape} for {texts} texts")
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
    """Split texts, in order, into batches of at most MAX_INPUTS texts and MAX_REQUEST_TOKENS tokens.

    ``tokens`` holds the number of tokens of each text. A text above the token limit gets a batch of its own.
    """
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
    """Return the embedder with this name: ``wordllama`` or ``openai:<model>``. Raises SettingsError for other names."""
    if name == LOCAL_EMBEDDER:
        return WordLlamaEmbedder()
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        return OpenAIEmbedder(model, settings)
    raise SettingsError(f"There is no embedder {name!r}. Use {LOCAL_EMBEDDER!r} or 'openai:<model>'.")
