"""The cost of model calls, from a small dated table or from a price file of the user, which takes precedence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import SettingsError
from ..model import Usage

# USD per million tokens: input, cached input, output. Published by OpenAI for its own API, as of DATED.
DATED = "2026-10"
PRICES = {"gpt-6-luna": (0.10, 0.01, 0.50)}

_OPENAI = ("api.openai.com",)


def cost(model: str, usage: Usage, base_url: str, own: Path | None = None) -> float | None:
    """Return the cost in USD of ``usage``, or None if no price is known.

    Args:
        model: the model's name.
        usage: the tokens used.
        base_url: the server's address. The built-in table only applies to OpenAI's.
        own: a YAML file with lines ``model: {input: …, cached: …, output: …}`` in USD per million tokens. Its prices
            apply to any server.

    Raises:
        SettingsError: the price file cannot be read.
    """
    prices = _read(own).get(model) if own else None
    if prices is None and urlsplit(base_url).hostname in _OPENAI:
        prices = PRICES.get(model)
    if prices is None:
        return None
    fresh, cached, written = prices
    return ((usage.input - usage.cached) * fresh + usage.cached * cached + usage.output * written) / 1e6


def add(one: Usage | None, other: Usage | None) -> Usage | None:
    """Return the sum of two usages; None counts as nothing. If the cost of either is unknown, so is that of the sum."""
    if one is None or other is None:
        return one or other
    known = one.cost_usd is not None and other.cost_usd is not None
    return Usage(
        input=one.input + other.input,
        cached=one.cached + other.cached,
        output=one.output + other.output,
        cost_usd=(one.cost_usd or 0) + (other.cost_usd or 0) if known else None,
    )


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, tuple[float, float, float]]:
    import yaml

    try:
        rows: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            str(model): (float(row["input"]), float(row.get("cached", row["input"])), float(row["output"]))
            for model, row in rows.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise SettingsError(
            f"The price file {path} cannot be read ({type(error).__name__}). It needs lines like "
            "my-model: {input: 0.10, cached: 0.01, output: 0.50} (USD per million tokens). Correct or unset QA_PRICES."
        ) from None
