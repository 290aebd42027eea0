"""One frozen ``Settings``. Only entry points (script, command, page) read the environment, by ``Settings.load``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .errors import MissingKey, SettingsError

DEFAULT_MODEL = "gpt-6-luna"
OPENAI_URL = "https://api.openai.com/v1"
LOCAL_EMBEDDER = "wordllama"


def default_library() -> Path:
    """Where the library lives unless ``--library`` or ``QA_LIBRARY`` says otherwise (the platform's data folder)."""
    return user_data_path("dateline-qa") / "library"


class Settings(BaseModel):
    """Everything that can be set. ``QA_<NAME>`` in the environment sets a field; keys never change the embedder."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    library: Path = Field(default_factory=default_library, description="folder of the library")
    offline: bool = Field(default=False, description="never call a model; use the offline reader")
    model: str | None = Field(default=None, description=f"model to ask; {DEFAULT_MODEL} where a key or address is set")
    embedder: str = Field(
        default=LOCAL_EMBEDDER, description="for a new library: wordllama (local) or openai:<model>; then fixed"
    )
    timeout: float = Field(default=60.0, gt=0, description="seconds a question may spend at models, retries included")
    max_calls: int = Field(default=6, ge=1, description="calls to models a question may make")
    judge: Literal["auto", "decisions", "systemone", "chat", "local", "off"] = Field(
        default="auto", description="who judges whether the cited sentences state a claim"
    )
    judge_base_url: str | None = Field(default=None, description="address of the judge; OPENAI_BASE_URL if not set")
    judge_model: str | None = Field(default=None, description="model of the judge; its kind's usual one if not set")
    judge_api_key: SecretStr | None = Field(default=None, description="key for judge_base_url")
    prices: Path | None = Field(default=None, description="YAML file of model prices that win over the table's own")
    max_output_tokens: int = Field(default=2000, gt=0, description="tokens a model may write")
    prompt_tokens: int = Field(default=6000, ge=500, description="tokens of sentences a model is shown at most")
    chroma_url: str | None = Field(
        default=None, description="Chroma server that holds the index, instead of the library's own folder"
    )
    passages: int = Field(default=12, ge=1, le=100, description="chunks retrieved for a question")
    prompts: Path | None = Field(default=None, description="folder of your own prompt files")
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("openai_api_key", "OPENAI_API_KEY")
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("openai_base_url", "OPENAI_BASE_URL")
    )

    @field_validator("library", "prompts", "prices")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Settings from the environment; ``overrides`` that are not None win.

        Raises SettingsError naming the variable that is wrong.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            found = _Environment(**given).model_dump(exclude_unset=True)
            return cls(**found)
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"A setting is wrong ({faults}). Correct the QA_… variable or option.") from None

    @property
    def uses_model(self) -> bool:
        """Whether questions go to a model: a key, an address or a model is set, and not ``offline``.

        Raises MissingKey if a model was named but there is neither a key nor an address to reach it.
        """
        if self.offline:
            return False
        if self.openai_api_key or self.openai_base_url:
            return True
        if self.model:
            raise MissingKey(
                f"The model {self.model!r} was asked for, but no key is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL "
                "for a local server, or use --offline."
            )
        return False

    @property
    def model_name(self) -> str:
        """The model that would be asked."""
        return self.model or DEFAULT_MODEL

    @property
    def base_url(self) -> str:
        """The address that would be asked."""
        return self.openai_base_url or OPENAI_URL

    @property
    def address(self) -> str:
        """``base_url`` without a user or password: fit to be shown."""
        return without_credentials(self.base_url)

    @property
    def destination(self) -> str:
        """In words, where the question and the passages go. Shown before the first question to a model."""
        if self.uses_model:
            answering = f"{self.model_name} at {self.address}"
        else:
            answering = "offline reader; nothing leaves this machine"
        if self.offline or not self.judge_base_url or self.judge in {"chat", "local", "off"}:
            return answering
        judge = without_credentials(self.judge_base_url)
        return f"{answering.partition(';')[0]}; claims and cited sentences are judged at {judge}"


def without_credentials(address: str) -> str:
    """An address without a user or password: fit to be shown."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class _Environment(BaseSettings, Settings):
    model_config = SettingsConfigDict(env_prefix="QA_", extra="ignore", populate_by_name=True, env_ignore_empty=True)
