"""The settings of the HTTP API alone. What answers a question is in ``qa.settings``."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..errors import SettingsError


class ApiSettings(BaseSettings):
    """Immutable settings of the API. The variable ``QA_API_<NAME>`` sets the field ``<name>``."""

    model_config = SettingsConfigDict(env_prefix="QA_API_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field(default="127.0.0.1", description="address to listen on; any but loopback needs a token")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    cors_origins: tuple[str, ...] = Field(
        default=(), description='web origins whose pages may use the API, as a JSON list: ["https://desk.example"]'
    )
    concurrency: int = Field(default=4, ge=1, le=256, description="questions that are worked on at the same time")
    waiting: int = Field(default=64, ge=0, description="questions that may wait for their turn; others get 503")
    rate: int = Field(default=240, ge=1, description="requests a minute for each token; others get 429")
    body_seconds: float = Field(
        default=20.0, gt=0, description="seconds for the header and for the body of a request; large bodies get more"
    )
    heartbeat: float = Field(default=15.0, gt=0, description="seconds between two signs of life in a stream of events")

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Return the settings from the environment. ``overrides`` that are not None take precedence.

        Raises SettingsError, which names the variable that is wrong.
        """
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"A setting of the API is wrong ({faults}). Correct the QA_API_… variable.") from None
        except ValueError as error:  # pydantic-settings: a list that is not JSON
            raise SettingsError(f"A setting of the API is wrong ({error}). Lists are written as JSON.") from None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine and nothing else."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
