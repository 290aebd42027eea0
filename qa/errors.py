"""All errors that Dateline raises on purpose. Each message names the remedy.

    QAError
    ├── SettingsError          a setting is missing or impossible
    ├── InputError             the question or the sources cannot be used
    │   ├── NothingRead        no article of the sources could be read (``reasons``)
    │   └── GoldError          a gold file is wrong (qa.evaluate.gold; file and line)
    ├── LibraryError           the library cannot be used as requested
    │   ├── EmptyLibrary       there is nothing to search yet
    │   ├── UnknownArticle     no article has that id
    │   ├── EmbedderMismatch   the library was built with another embedder
    │   ├── LibraryDamaged     the file is damaged
    │   ├── RowRefused         the database refuses one row; the library is sound
    │   └── SchemaMismatch     the file has another version, or is no library
    ├── WorkspaceError         conversations and notebooks cannot be read or stored
    ├── IndexFault             Chroma failed (the library is safe; `qa doctor` says more)
    │   └── IndexUnreachable   the Chroma server does not answer
    ├── PromptError            a prompt file is broken, or got the wrong inputs
    └── ModelError             the model could not be asked, or its reply cannot be used
        ├── MissingKey         no API key
        ├── ModelNotFound      the endpoint does not know this model or this route
        ├── ModelUnavailable   network, rate limit, or a server error
        ├── ModelTimeout       no reply in time
        ├── OutOfCalls         the question has used all its calls to models
        ├── ModelRefused       refusal or content filter
        ├── EmbeddingRefused   the embedder refuses a text
        ├── ModelCut           the reply reached the limit of output tokens
        └── ModelUnparsable    the reply is not the requested JSON

``answer`` returns an Answer whatever the articles and the model say. It only raises errors for faults of the
connection, the settings or the library, and for input that cannot be used.
"""

from __future__ import annotations


class QAError(Exception):
    """Base of all errors raised by Dateline."""


class SettingsError(QAError):
    """A setting is missing or impossible."""


class InputError(QAError):
    """The question or the sources cannot be used."""


class NothingRead(InputError):
    """No article of the sources could be read. ``reasons`` gives the reason of each source or file."""

    def __init__(self, message: str, reasons: tuple[str, ...]) -> None:
        super().__init__(message)
        self.reasons = reasons


class LibraryError(QAError):
    """The library cannot be used as requested."""


class EmptyLibrary(LibraryError):
    """There is nothing to search yet."""


class UnknownArticle(LibraryError):
    """The given id or file name belongs to no article, or to more than one."""


class EmbedderMismatch(LibraryError):
    """The library was built with another embedder."""


class LibraryDamaged(LibraryError):
    """The file is damaged. Replace it with a backup."""


class RowRefused(LibraryError):
    """The database refuses one row, for example a text that is too long. Other rows can be stored."""


class SchemaMismatch(LibraryError):
    """The file is a library of another version, or no library."""


class WorkspaceError(QAError):
    """Conversations and notebooks cannot be read or stored. Questions can be asked all the same."""


class IndexFault(QAError):
    """Chroma failed. The library in SQLite is not affected."""


class IndexUnreachable(IndexFault):
    """The Chroma server does not answer. The vectors on it may be sound."""


class PromptError(QAError):
    """A prompt file is broken, or got the wrong inputs."""


class ModelError(QAError):
    """The model could not be asked, or its reply cannot be used."""


class MissingKey(ModelError):
    """No API key is set."""


class ModelNotFound(ModelError):
    """The endpoint does not know this model or this route."""


class ModelUnavailable(ModelError):
    """The network, a rate limit or a server error prevents a reply."""


class ModelTimeout(ModelError):
    """The model did not reply in time."""


class OutOfCalls(ModelError):
    """The question has used all its calls to models."""


class ModelRefused(ModelError):
    """The model refused, or a content filter stopped it."""


class EmbeddingRefused(ModelError):
    """The embedder refuses a text. It may accept other texts."""


class ModelCut(ModelError):
    """The reply reached the limit of output tokens."""


class ModelUnparsable(ModelError):
    """The reply is not the requested JSON."""


def unexpected(error: BaseException) -> str:
    """Describe an unexpected error (a bug) in one line, for a report: its type and at most 200 characters of it."""
    message = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
