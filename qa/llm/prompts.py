"""Prompts: one Markdown file each, YAML front matter (name, version, inputs) and a Jinja2 body with two blocks.

``{% block system %}`` is static, so that servers can cache it; ``{% block user %}`` takes the inputs, question last.
Inputs are checked exactly: a missing or an extra one raises.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..errors import PromptError

PACKAGE = Path(__file__).resolve().parent.parent


class Message(NamedTuple):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """A prompt file as read. ``sha256`` is of the whole file and goes into every Answer it makes."""

    name: str
    version: int
    inputs: frozenset[str]
    body: str
    sha256: str

    def render(self, **inputs: Any) -> tuple[Message, ...]:
        """The messages. Raises PromptError for missing or extra inputs, or a template that fails."""
        if inputs.keys() != self.inputs:
            missing, extra = self.inputs - inputs.keys(), inputs.keys() - self.inputs
            raise PromptError(f"Prompt {self.name!r}: missing inputs {sorted(missing)}, extra inputs {sorted(extra)}.")
        from jinja2 import StrictUndefined, TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        try:
            # No autoescape: this is text for a model, not HTML; what delimits data is random per request.
            environment = ImmutableSandboxedEnvironment(
                undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
            )
            template = environment.from_string(self.body)
            context = template.new_context(inputs)
            texts = {role: "".join(template.blocks[role](context)).strip() for role in ("system", "user")}
        except KeyError as error:
            raise PromptError(f"Prompt {self.name!r} lacks {{% block {error.args[0]} %}}.") from error
        except TemplateError as error:
            raise PromptError(f"Prompt {self.name!r} cannot be rendered: {error}") from error
        return (Message("system", texts["system"]), Message("user", texts["user"]))


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt of that name from ``folder``, else the project's own. Raises PromptError."""
    return _read((folder or _home()) / f"{name}.md")


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


def _home() -> Path:
    """The prompts in the wheel, or those of the checkout for an editable install."""
    packed = PACKAGE / "_prompts"
    return packed if packed.is_dir() else PACKAGE.parent / "prompts"
