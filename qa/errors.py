"""Everything Dateline raises on purpose. Each message names the remedy.

    QAError
    ├── SettingsError          a setting is missing or impossible
    ├── InputError             nothing could be loaded from what was named
    │   └── GoldError          a gold file is wrong (qa.evaluate.gold; file and line)
    ├── LibraryError           the library cannot be used as asked
    │   ├── EmptyLibrary       there is nothing to search yet
    │   ├── UnknownArticle     no article has that id
    │   ├── EmbedderMismatch   the library was built with another embedder
    │   ├── LibraryDamaged     the file is broken
    │   ├── RowRefused         SQLite refuses one row; the file is sound
    │   └── SchemaMismatch     the file is of another version, or no library at all
    ├── IndexFault             Chroma failed (the library itself is safe; `qa doctor` tells)
    │   └── IndexUnreachable   the Chroma server does not answer
    ├── PromptError            a prompt file is broken, or was given the wrong inputs
    └── ModelError             the model could not be asked, or did not answer properly
        ├── MissingKey         no API key
        ├── ModelNotFound      the endpoint does not know this model or this route
        ├── ModelUnavailable   network, rate limit, or a server error
        ├── ModelTimeout       no answer in time
        ├── OutOfCalls         the question has used the calls it may make
        ├── ModelRefused       refusal or content filter
        ├── EmbeddingRefused   the embedder refuses a text
        ├── ModelCut           the answer hit the length limit
        └── ModelUnparsable    what came back is not the JSON asked for

``answer`` returns an Answer for whatever articles and model say; only transport, settings and store faults raise.
"""

from __future__ import annotations


class QAError(Exception):
    """Base of all errors raised by Dateline."""


class SettingsError(QAError):
    """A setting is missing or impossible."""


class InputError(QAError):
    """Nothing could be loaded from what was named."""


class LibraryError(QAError):
    """The library cannot be used as asked."""


class EmptyLibrary(LibraryError):
    """There is nothing to search yet."""


class UnknownArticle(LibraryError):
    """No article, or more than one, has an id that begins so."""


class EmbedderMismatch(LibraryError):
    """The library was built with another embedder."""


class LibraryDamaged(LibraryError):
    """The file is broken: put a backup in its place."""


class RowRefused(LibraryError):
    """SQLite refuses one row, such as a text too long for it. The file is sound and takes others."""


class SchemaMismatch(LibraryError):
    """The file is a library of another version, or not a library."""


class IndexFault(QAError):
    """Chroma failed. The library in SQLite is not affected."""


class IndexUnreachable(IndexFault):
    """The Chroma server does not answer; what it holds may be sound."""


class PromptError(QAError):
    """A prompt file is broken, or was given the wrong inputs."""


class ModelError(QAError):
    """The model could not be asked, or did not answer properly."""


class MissingKey(ModelError):
    """No API key is set."""


class ModelNotFound(ModelError):
    """The endpoint does not know this model or this route."""


class ModelUnavailable(ModelError):
    """Network, rate limit, or a server error."""


class ModelTimeout(ModelError):
    """No answer in time."""


class OutOfCalls(ModelError):
    """The question has used the calls to models it may make."""


class ModelRefused(ModelError):
    """The model refused, or a content filter stopped it."""


class EmbeddingRefused(ModelError):
    """The embedder refuses a text; it may take others."""


class ModelCut(ModelError):
    """The answer hit the length limit."""


class ModelUnparsable(ModelError):
    """What came back is not the JSON that was asked for."""


def unexpected(error: BaseException) -> str:
    """A fault of ours in one line, for a report: no traceback, no text of an article beyond what the error says."""
    told = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {told}" if told else type(error).__name__
