"""Gold questions: the schema of their YAML files, and a loader whose errors name file and line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from ..errors import InputError
from ..model import AbstentionReason, Filters, Value
from .marked import Mapping, line_at, load_marked

Split = Literal["dev", "test"]
DEEPEST = 20  # levels of lists and mappings; a case has five


class GoldError(InputError):
    """A gold file is invalid. The message has one line per fault, with file and line number."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Place(Value):
    """A sentence, identified by its article and by words that no other sentence of the article contains."""

    model_config = ConfigDict(populate_by_name=True)

    article: str = Field(min_length=1, description="file name with or without suffix, title, or start of the id")
    contains: str = Field(min_length=1)
    line: int = 0

    @model_validator(mode="before")
    @classmethod
    def _remember_line(cls, data: object) -> object:
        return {**data, "line": data.line} if isinstance(data, Mapping) and "line" not in data else data


class GoldEvidence(Place):
    """A sentence that a perfect answer cites. ``alternatives`` (``or`` in YAML) are equally good sentences."""

    alternatives: tuple[Place, ...] = Field(default=(), alias="or")


class Case(Value):
    """One question and what a correct answer must contain.

    ``facts``: each item must be stated, in any of its spellings. An answerable case needs ``evidence``. For any other
    case, ``abstention`` is the expected reason.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    as_of: date | None = None
    filters: Filters = Filters()
    answerable: bool
    abstention: AbstentionReason | None = None
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    evidence: tuple[GoldEvidence, ...] = ()
    also_fine: tuple[Place, ...] = ()
    speaker: str | None = None
    tags: tuple[str, ...] = ()

    @field_validator("facts")
    @classmethod
    def _spelled(cls, facts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        if not all(item and all(spelling.strip() for spelling in item) for item in facts):
            raise ValueError("each fact is a list of at least one spelling")
        return facts

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.answerable and (not self.facts or not self.evidence or self.abstention):
            raise ValueError("an answerable case has facts and evidence, and no abstention")
        if not self.answerable and (self.facts or self.evidence or self.speaker):
            raise ValueError("a case that is not answerable has no facts, evidence or speaker")
        if self.filters.as_of:
            raise ValueError("as_of is a field of the case, not of filters")
        return self

    @property
    def search(self) -> Filters:
        """The filters to ask with, ``as_of`` included."""
        return self.filters.model_copy(update={"as_of": self.as_of})


class GoldFile(Value):
    """A YAML file of cases. Thresholds may be tuned on the ``dev`` split; ``test`` is only reported."""

    storyline: str | None = None
    split: Split = "dev"
    cases: tuple[Case, ...]

    @field_validator("cases", mode="before")
    @classmethod
    def _filled_in(cls, cases: object) -> object:
        if cases is None:  # an unedited draft of `qa eval new`
            raise ValueError('there are no cases yet: remove the "# " in front of one, or write your own')
        return cases

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        # Not min_length: pydantic counts valid items only, so one invalid case would also be reported as "no cases".
        if not self.cases:
            raise ValueError("there are no cases in cases")
        return self


@dataclass(frozen=True)
class Located:
    """A case with its file, line, storyline and split."""

    case: Case
    file: Path
    line: int
    storyline: str
    split: Split


@dataclass(frozen=True)
class Gold:
    """All cases, by file and then by position. ``sha256`` is the hash of the files' bytes."""

    cases: tuple[Located, ...]
    sha256: str


def load_gold(path: str | Path) -> Gold:
    """Load the cases of a YAML file, or of all ``*.yaml`` files in a folder. Raises GoldError with every fault."""
    root = Path(path)
    files = sorted(root.glob("*.yaml")) if root.is_dir() else [root]
    if not files:
        raise GoldError([f"{root}: no *.yaml file in this folder. Draft one with: qa eval new --articles <folder>"])
    faults: list[str] = []
    cases: list[Located] = []
    digest = hashlib.sha256()
    for file in files:
        try:
            data = file.read_bytes()
            digest.update(data)
            cases += _read(file, data.decode())
        except GoldError as error:
            faults += error.faults
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{file}: cannot be read ({error})")
    return _gold(cases, faults, digest.hexdigest())


def read_gold(text: str, name: str) -> Gold:
    """Read the cases in the text of one gold file that a stranger may have sent. ``name`` is for messages.

    Raises GoldError with every fault. What would take for ever to read is one too: a few YAML aliases can stand for
    millions of values, and nested lists are read in a time that grows with the square of their depth.
    """
    depth = 0
    with suppress(yaml.YAMLError, ValueError):  # the reader below says what is wrong, and where
        for event in yaml.parse(text, yaml.SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                raise GoldError([f"{name}:{line}: aliases (*) are not read here. Write the value out"])
            if depth > DEEPEST:
                raise GoldError([f"{name}:{line}: lists and mappings are nested more than {DEEPEST} deep"])
    return _gold(_read(Path(name), text), [], hashlib.sha256(text.encode()).hexdigest())


def _gold(cases: Sequence[Located], faults: Sequence[str], digest: str) -> Gold:
    count = Counter(located.case.id for located in cases)
    twice = [f"{c.file}:{c.line}: the id {c.case.id!r} is used more than once" for c in cases if count[c.case.id] > 1]
    if faults or twice:
        raise GoldError([*faults, *twice])
    return Gold(tuple(cases), digest)


def _read(file: Path, text: str) -> list[Located]:
    try:
        data = load_marked(text)
        parsed = GoldFile.model_validate(data)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise GoldError([f"{file}:{line}: not YAML: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise GoldError([f"{file}:1: not YAML: {error}"]) from None
    except ValidationError as error:
        raise GoldError([_fault(file, data, dict(e)) for e in error.errors()]) from None
    except (ValueError, RecursionError) as error:  # YAML reads "2025-13-45" as a day, and "[[[[…" without an end
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise GoldError([f"{file}:1: not YAML: {reason}"]) from None
    return [
        Located(case, file, line_at(data, ("cases", i)), parsed.storyline or file.stem, parsed.split)
        for i, case in enumerate(parsed.cases)
    ]


def _fault(file: Path, data: Any, error: dict[str, Any]) -> str:
    path = error["loc"]
    where = ".".join(str(step) for step in path) or "the file"
    message = "unknown field" if error["type"] == "extra_forbidden" else error["msg"].removeprefix("Value error, ")
    return f"{file}:{line_at(data, path)}: {where}: {message}"
