"""Count tokens as OpenAI's models do, without a network connection.

tiktoken downloads a vocabulary when it is first used. ``bpe-openai`` ships the same files. So we unpack them, check
them against the SHA-256 that tiktoken expects, and put them where tiktoken looks before it downloads: in its cache
folder, under the SHA-1 of the download address.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from platformdirs import user_cache_path

from ..errors import SettingsError

if TYPE_CHECKING:
    from tiktoken import Encoding

DEFAULT_ENCODING = "o200k_base"

_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_SHA256 = {  # as in tiktoken_ext.openai_public; a test compares them
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
_VOCABULARY = {"cl100k_base": "cl100k_base", "o200k_base": "o200k_base", "o200k_harmony": "o200k_base"}

# tiktoken's regular expressions overflow their stack, and panic, at about a million spaces in a row.
_SLICE = 100_000

_loading = threading.Lock()  # loading changes an environment variable for a moment


class Tokenizer(NamedTuple):
    """An encoding. ``estimate`` is True if the model's own encoding is not known, so that counts are approximate."""

    encoding: Encoding
    estimate: bool


def encoding_for(model: str | None = None) -> Tokenizer:
    """Return the encoding of a model. It is loaded once and cached. No network connection is made.

    Args:
        model: a model's name; None for ``DEFAULT_ENCODING``.

    Returns:
        The model's encoding if tiktoken knows the model and we ship its vocabulary; otherwise ``DEFAULT_ENCODING``
        with ``estimate`` set.

    Raises:
        SettingsError: the vocabulary is missing or damaged, or cannot be written to any folder.
    """
    if model is None:
        return Tokenizer(_load(DEFAULT_ENCODING), estimate=False)
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model)
    except KeyError:
        name = ""
    known = name in _VOCABULARY
    return Tokenizer(_load(name if known else DEFAULT_ENCODING), estimate=not known)


def count(texts: Sequence[str], model: str | None = None) -> list[int]:
    """Return the number of tokens of each text. Special tokens such as ``<|endoftext|>`` are counted as plain text.

    A text of more than 100,000 characters is counted in slices, which may add one token for each cut.
    Raises SettingsError like ``encoding_for``.
    """
    # One by one: for short texts such as sentences, the threads of tiktoken's own batches make it 25 times slower.
    encode = encoding_for(model).encoding.encode_ordinary
    return [sum(len(encode(text[start : start + _SLICE])) for start in range(0, len(text), _SLICE)) for text in texts]


@cache
def _load(name: str) -> Encoding:
    import tiktoken

    with _loading, ExitStack() as stack:
        folder = _folder_with(_VOCABULARY[name], stack)
        stack.enter_context(_tiktoken_cache(folder))
        return tiktoken.get_encoding(name)


def _folder_with(vocabulary: str, stack: ExitStack) -> Path:
    """Return a folder with the vocabulary: the user's, ours, or a temporary one that ``stack`` removes."""
    set_by_user = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    folders = [*([Path(set_by_user)] if set_by_user else []), user_cache_path("dateline-qa") / "tiktoken"]
    for folder in folders:
        if _holds(folder, vocabulary):
            return folder
    data = _unpack(vocabulary)
    for folder in folders:
        try:
            _write(folder / _file_name(vocabulary), data)
        except OSError:  # read-only or full: try the next one
            continue
        return folder
    try:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _write(folder / _file_name(vocabulary), data)
    except OSError as error:
        raise SettingsError(
            f"The token vocabulary cannot be written to any folder ({error}). Set TIKTOKEN_CACHE_DIR to one that can "
            "be written."
        ) from error
    return folder


@contextmanager
def _tiktoken_cache(folder: Path) -> Iterator[None]:
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before


def _file_name(vocabulary: str) -> str:
    return hashlib.sha1(_ADDRESS.format(vocabulary).encode(), usedforsecurity=False).hexdigest()


def _is_intact(vocabulary: str, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == _SHA256[vocabulary]


def _holds(folder: Path, vocabulary: str) -> bool:
    # We check the file because tiktoken would delete a damaged one and download it again.
    try:
        return _is_intact(vocabulary, (folder / _file_name(vocabulary)).read_bytes())
    except OSError:
        return False


def _unpack(vocabulary: str) -> bytes:
    """Return the vocabulary from bpe-openai's data files. We do not import the package, because that takes 0.4 s."""
    try:
        package = find_spec("bpe_openai")
        if package is None or package.origin is None:
            raise FileNotFoundError("bpe-openai is not installed")
        data = gzip.decompress((Path(package.origin).parent / "data" / f"{vocabulary}.tiktoken.gz").read_bytes())
        if not _is_intact(vocabulary, data):
            raise ValueError("its SHA-256 is not the one tiktoken expects")
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise SettingsError(
            f"The token vocabulary {vocabulary} is not available ({error}). "
            "Run `pip install --force-reinstall bpe-openai`, or save the file from "
            f"{_ADDRESS.format(vocabulary)} as {_file_name(vocabulary)} in a folder and set TIKTOKEN_CACHE_DIR to that "
            "folder."
        ) from error
    return data


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically: other processes see the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
