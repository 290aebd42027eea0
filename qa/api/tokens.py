"""Bearer tokens: who may use the API, and whether to read only.

A token is 256 random bits. Only its SHA-256 is stored: so many bits cannot be guessed, so a slow hash such as scrypt
would protect nothing, and would cost every request its time. The file is read again whenever it changes, so a revoked
token is refused at once, by all processes that serve the library.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import AwareDatetime, ValidationError

from ..errors import InputError, SettingsError
from ..model import Value

FILE = "tokens.json"
PREFIX = "qa_"
"""What every token begins with, so that scanners of repositories can recognise one that leaked."""

Access = Literal["read", "write"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class Token(Value):
    """A token as it is stored: without its secret."""

    name: str
    sha256: str
    access: Access
    created: AwareDatetime
    expires: AwareDatetime | None = None

    def usable(self, now: datetime) -> bool:
        """Whether the token has not expired."""
        return self.expires is None or now < self.expires


class _Stored(Value):
    tokens: tuple[Token, ...] = ()


class Tokens:
    """The tokens of one library."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open nothing yet.

        Args:
            folder: where the file of tokens is, or is to be.
            clock: gives the current moment.
        """
        self._path = folder / FILE
        self._clock = clock
        self._read: tuple[tuple[int, ...], tuple[Token, ...]] | None = None

    @property
    def exist(self) -> bool:
        """Whether a token was ever created. It stays true when all are revoked, so that revoking opens nothing."""
        return self._path.exists()

    @property
    def any_usable(self) -> bool:
        """Whether at least one token is not expired. Raises SettingsError."""
        return any(token.usable(self._clock()) for token in self.all())

    def all(self) -> tuple[Token, ...]:
        """Return all tokens, expired ones too. Raises SettingsError if the file cannot be trusted."""
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise SettingsError(f"The file of tokens cannot be read ({error.strerror}). Check its folder.") from None
        if os.name == "posix" and state.st_mode & 0o022:
            raise SettingsError(f"Others can write to {self._path}, and so create tokens. Run: chmod 600 {self._path}")
        key = (state.st_ino, state.st_mtime_ns, state.st_size)
        if self._read is None or self._read[0] != key:
            try:
                self._read = key, _Stored.model_validate_json(self._path.read_bytes()).tokens
            except (OSError, ValidationError):
                remedy = "Delete it, and create new tokens with: qa token create NAME"
                raise SettingsError(f"The file of tokens, {self._path}, cannot be read. {remedy}") from None
        return self._read[1]

    def find(self, secret: str) -> Token | None:
        """Return the usable token of a secret, or None. All tokens are compared, each in constant time."""
        digest = _digest(secret)
        found = None
        for token in self.all():
            if hmac.compare_digest(token.sha256, digest):
                found = token
        return found if found and found.usable(self._clock()) else None

    def create(self, name: str, access: Access, expires: datetime | None = None) -> str:
        """Create a token and return its secret, which is stored nowhere. Raises InputError, SettingsError."""
        if not _NAME.fullmatch(name):
            raise InputError(
                "A token's name has 1 to 60 letters, digits, dots, hyphens or underscores. Choose another name."
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._writing():
            tokens = self.all()
            if any(token.name == name for token in tokens):
                raise InputError(f"There is already a token called {name}. Choose another name, or revoke it first.")
            token = Token(name=name, sha256=_digest(secret), access=access, created=self._clock(), expires=expires)
            self._write((*tokens, token))
        return secret

    def revoke(self, name: str) -> None:
        """Remove a token. Raises InputError if there is none of this name, SettingsError."""
        with self._writing():
            tokens = self.all()
            kept = tuple(token for token in tokens if token.name != name)
            if len(kept) == len(tokens):
                raise InputError(f"There is no token called {name}. List them with: qa token list")
            self._write(kept)

    def _writing(self) -> FileLock:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"The folder {self._path.parent} cannot be created ({error.strerror}).") from None
        return FileLock(self._path.with_suffix(".lock"))

    def _write(self, tokens: tuple[Token, ...]) -> None:
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)  # of a process that was killed
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_Stored(tokens=tokens).model_dump_json(indent=2))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
