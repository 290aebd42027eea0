"""The settings. Only entry points (scripts, commands, the page) read the environment, with ``Settings.load``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

from platformdirs import user_data_path
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from .errors import MissingKey, SettingsError

DEFAULT_MODEL = "gpt-6-luna"
OPENAI_URL = "https://api.openai.com/v1"
LOCAL_EMBEDDER = "wordllama"

OPENAI_PROMPT = 10_000  # tokens: OpenAI's models all have a context many times larger, and this costs 0.001 USD
OTHER_PROMPT = 6_000  # tokens: a local server often has a context of 8,192, which must also hold the reply
READER_PASSAGES = 12
KEEP_VERSIONS = 20
DEFAULT_SCHEMA = "dateline"  # the schema of a shared library's tables


_SCHEMES = ("postgresql://", "postgres://")


def default_library() -> Path:
    """Return the default folder of the library, in the platform's folder for user data."""
    return user_data_path("dateline-qa") / "library"


class SharedLibrary(BaseModel):
    """A library in a PostgreSQL database. ``str`` gives its address without user and password.

    ``address`` is a URL as libpq reads it, ``postgresql://user:password@host:port/database``. It may end in
    ``?schema=<name>``: a database can hold several libraries, each in a schema of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: SecretStr

    def __str__(self) -> str:
        host, port, database, schema = self._parts
        local = host.startswith("/")  # the folder of a Unix socket
        shown = "" if local else f"[{host}]" if ":" in host else host
        more = [f"host={host}"] * local + [f"schema={schema}"] * (schema != DEFAULT_SCHEMA)
        place = f"postgresql://{shown}{f':{port}' if port else ''}/{database}"
        return f"{place}?{'&'.join(more)}" if more else place

    @property
    def name(self) -> str:
        """A short name for people: that of the database, and of the schema if it is not the default one."""
        _, _, database, schema = self._parts
        return database if schema == DEFAULT_SCHEMA else f"{database}.{schema}"

    @property
    def database_address(self) -> str:
        """The URL for libpq, with user and password: the address without our own ``schema``."""
        parts = urlsplit(self.address.get_secret_value())
        options = "&".join(o for o in parts.query.split("&") if o and not o.startswith("schema="))
        return urlunsplit(parts._replace(query=options))

    @property
    def schema_name(self) -> str:
        """The PostgreSQL schema that holds the tables."""
        return self._parts[3]

    @property
    def folder(self) -> Path:
        """The folder on this machine for what lies beside the library. Equal addresses have equal folders."""
        host, port, database, schema = self._parts
        key = "\0".join((host.lower(), port or "5432", database, schema))
        return user_data_path("dateline-qa") / "shared" / hashlib.sha256(key.encode()).hexdigest()[:16]

    @field_validator("address")
    @classmethod
    def _can_be_read(cls, address: SecretStr) -> SecretStr:
        url = address.get_secret_value()
        try:
            readable = url.startswith(_SCHEMES) and urlsplit(url).port != 0
        except ValueError:
            readable = False
        if not readable:
            raise ValueError("give an address such as postgresql://user:password@host/database")
        return address

    @property
    def _parts(self) -> tuple[str, str, str, str]:
        """Host, port, database and schema; "" for what libpq chooses."""
        parts = urlsplit(self.address.get_secret_value())
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        port = str(parts.port) if parts.port else options.get("port", "")
        database = parts.path.removeprefix("/") or options.get("dbname", "")
        return parts.hostname or options.get("host", ""), port, database, options.get("schema", DEFAULT_SCHEMA)


Place = Path | SharedLibrary
"""Where a library is: in a folder of its own, or in a PostgreSQL database."""


def place_of(library: str | Path | SharedLibrary) -> Place:
    """Return where a library is, given a folder or an address such as postgresql://host/database.

    Raises SettingsError for an address that cannot be read.
    """
    if isinstance(library, str) and library.startswith(_SCHEMES):
        try:
            return SharedLibrary(address=SecretStr(library))
        except ValidationError:
            raise SettingsError(
                "The library's address cannot be read. Give one such as postgresql://user:password@host/database."
            ) from None
    return Path(library).expanduser() if isinstance(library, str) else library


def spelled_out(library: Place) -> str:
    """Return a value of QA_LIBRARY for another process: an absolute path, or an address with its password."""
    return library.address.get_secret_value() if isinstance(library, SharedLibrary) else str(library.resolve())


class Settings(BaseModel):
    """All settings, immutable. The variable ``QA_<NAME>`` sets the field ``<name>``.

    Setting an API key does not change the embedder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    library: Place = Field(
        default_factory=default_library,
        description="folder of the library, or the address of a shared one: postgresql://user:password@host/database",
    )
    offline: bool = Field(default=False, description="never call a model or fetch a page; use the offline reader")
    model: str | None = Field(default=None, description=f"model to ask; {DEFAULT_MODEL} if a key or address is set")
    embedder: str = Field(
        default=LOCAL_EMBEDDER,
        description="embedder of a new library: wordllama (local) or openai:<model>; an existing library keeps its own",
    )
    keep_versions: int = Field(
        default=KEEP_VERSIONS, ge=0, description="earlier versions of each article that an ingest keeps; 0 keeps none"
    )
    reading: str = Field(default="on", description="the reading model: on, off, or the folder of another one")
    timeout: float = Field(
        default=60.0, gt=0, description="seconds a question may spend on model requests, including retries"
    )
    max_calls: int = Field(default=6, ge=1, description="calls to models that a question may make")
    judge: Literal["auto", "decisions", "systemone", "chat", "local", "off"] = Field(
        default="auto", description="the judge of whether the cited sentences state a claim"
    )
    judge_base_url: str | None = Field(default=None, description="address of the judge; default: OPENAI_BASE_URL")
    judge_model: str | None = Field(default=None, description="model of the judge; the default depends on the judge")
    judge_api_key: SecretStr | None = Field(default=None, description="key for judge_base_url")
    prices: Path | None = Field(
        default=None, description="YAML file of model prices, which take precedence over the built-in ones"
    )
    max_output_tokens: int = Field(default=2000, gt=0, description="tokens that a model may write")
    prompt_tokens: int | None = Field(
        default=None,
        ge=500,
        description=f"the most tokens of a prompt; default: {OPENAI_PROMPT:,} at OpenAI, {OTHER_PROMPT:,} elsewhere",
    )
    chroma_url: str | None = Field(
        default=None, description="Chroma server that holds the index, instead of the library's own folder"
    )
    passages: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description=f"the most chunks to answer from; default: {READER_PASSAGES}, for a model all that fit its prompt",
    )
    prompts: Path | None = Field(default=None, description="folder of your own prompt files")
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("openai_api_key", "OPENAI_API_KEY")
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("openai_base_url", "OPENAI_BASE_URL")
    )

    @field_validator("library", mode="before")
    @classmethod
    def _place(cls, library: Any) -> Any:
        return place_of(library) if isinstance(library, str | Path) else library

    @field_validator("prompts", "prices")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @model_validator(mode="after")
    def _judge_has_a_wire(self) -> Self:
        if self.judge_base_url and self.judge == "auto":
            raise ValueError("judge_base_url needs QA_JUDGE=systemone or QA_JUDGE=decisions, the API of that server")
        return self

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Return the settings from the environment. ``overrides`` that are not None take precedence.

        Raises SettingsError, which names the variable that is wrong.
        """
        options = {name: value for name, value in overrides.items() if value is not None}
        try:
            return cls(**_Environment(**options).model_dump(exclude_unset=True))
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"A setting is wrong ({faults}). Correct the QA_… variable or option.") from None

    @property
    def folder(self) -> Path:
        """The folder for everything beside the library: index, uploads, conversations, saved answers, tokens."""
        return self.library.folder if isinstance(self.library, SharedLibrary) else self.library

    @property
    def uses_model(self) -> bool:
        """Whether questions are sent to a model: a key or an address is set, and ``offline`` is not.

        Raises MissingKey if a model is set, but neither a key nor an address.
        """
        if self.offline:
            return False
        if self.openai_api_key or self.openai_base_url:
            return True
        if self.model:
            raise MissingKey(
                f"A model ({self.model!r}) is set, but no key. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local "
                "server, or use --offline."
            )
        return False

    @property
    def model_name(self) -> str:
        """The name of the model that questions are sent to."""
        return self.model or DEFAULT_MODEL

    @property
    def base_url(self) -> str:
        """The address that questions are sent to."""
        return self.openai_base_url or OPENAI_URL

    @property
    def prompt_budget(self) -> int:
        """The most tokens of a prompt."""
        at_openai = urlsplit(self.base_url).hostname == urlsplit(OPENAI_URL).hostname
        return self.prompt_tokens or (OPENAI_PROMPT if at_openai else OTHER_PROMPT)

    @property
    def address(self) -> str:
        """``base_url`` without user and password, so that it can be shown."""
        return without_credentials(self.base_url)

    @property
    def destination(self) -> str:
        """Where the question and the passages are sent, in words. It is shown before a model is asked."""
        if self.uses_model:
            answering = f"{self.model_name} at {self.address}"
        else:
            answering = "offline reader; nothing leaves this machine"
        if self.offline or not self.judge_base_url or self.judge in {"chat", "local", "off"}:
            return answering
        judge = without_credentials(self.judge_base_url)
        return f"{answering.partition(';')[0]}; claims and cited sentences are judged at {judge}"


def without_credentials(address: str) -> str:
    """Return an address without user and password, so that it can be shown."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class _Environment(BaseSettings, Settings):
    model_config = SettingsConfigDict(env_prefix="QA_", extra="ignore", populate_by_name=True, env_ignore_empty=True)
