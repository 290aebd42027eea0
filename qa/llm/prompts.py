"""Prompts. Each is a Markdown file with YAML front matter (name, version, inputs) and a Jinja2 body of blocks.

``{% block system %}`` is static, so that servers can cache it. ``{% block user %}`` contains the inputs, with the
question last. A prompt that continues a conversation has no system block. A missing or unknown input is an error.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import PromptError
from ..shipped import shipped

if TYPE_CHECKING:
    from jinja2 import Template


class Message(NamedTuple):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """A prompt file. ``sha256`` is the digest of the whole file; it goes into the provenance of Answers."""

    name: str
    version: int
    inputs: frozenset[str]
    body: str
    sha256: str

    def render(self, **inputs: Any) -> tuple[Message, ...]:
        """Return the messages. Raises PromptError for missing or unknown inputs, or if the template fails."""
        if inputs.keys() != self.inputs:
            missing, extra = self.inputs - inputs.keys(), inputs.keys() - self.inputs
            raise PromptError(f"Prompt {self.name!r}: missing inputs {sorted(missing)}, extra inputs {sorted(extra)}.")
        from jinja2 import TemplateError

        try:
            blocks = _compiled(self.body).blocks
            if "user" not in blocks:
                raise PromptError(f"Prompt {self.name!r} lacks {{% block user %}}.")
            context = _compiled(self.body).new_context(inputs)
            roles: tuple[Literal["system", "user"], ...] = ("system", "user")
            return tuple(Message(r, "".join(blocks[r](context)).strip()) for r in roles if r in blocks)
        except TemplateError as error:
            raise PromptError(f"Prompt {self.name!r} cannot be rendered: {error}") from error


@lru_cache(maxsize=32)
def _compiled(body: str) -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # No autoescape: this is text for a model, not HTML. Data is enclosed in markers with a random code per request.
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(body)


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """Load the prompt ``name`` from ``folder``, or from the project's own prompts if that is None.

    Raises PromptError if the file is missing or broken.
    """
    return _read((folder or shipped("_prompts", "prompts")) / f"{name}.md")


@lru_cache(maxsize=32)
def _read(path: Path) -> Prompt:
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        _, front, body = text.split("---\n", 2)
        fields = yaml.safe_load(front)
        return Prompt(
            name=fields["name"],
            version=int(fields["version"]),
            inputs=frozenset(fields["inputs"]),
            body=body,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise PromptError(
            f"Prompt file {path} is missing or broken ({type(error).__name__}: {error}). It needs front matter with "
            "name, version and inputs; see the project's prompts folder."
        ) from error
