"""A YAML loader that keeps line numbers, so that errors can name the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml


class Mapping(dict[str, Any]):
    """A YAML mapping. ``line`` is where it begins, and ``lines`` where the value of each key begins, counted from 1."""

    line: int
    lines: dict[str, int]


class _Loader(yaml.SafeLoader):
    """A SafeLoader that keeps lines and rejects duplicate keys. YAML would silently keep the last one."""

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        result = Mapping()
        result.line, result.lines = node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            key = str(self.construct_object(key_node, deep=True))
            if key in result:
                raise yaml.MarkedYAMLError(problem=f"{key!r} is written twice", problem_mark=key_node.start_mark)
            result[key] = self.construct_object(value_node, deep=True)
            result.lines[key] = value_node.start_mark.line + 1
        return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _Loader.mapping)


def load_marked(text: str) -> Any:
    """Load a YAML document, with ``Mapping`` for every mapping. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def line_at(data: Any, path: Sequence[int | str]) -> int:
    """Return the line of the value at ``path``, or of its closest ancestor. A path is like pydantic's ``loc``."""
    line = 1
    for step in path:
        if isinstance(data, Mapping):
            line = data.lines.get(str(step), data.line)
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            line = data.line if isinstance(data, Mapping) else line
        else:
            break
    return line
