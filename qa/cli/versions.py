"""``qa show --versions`` and ``qa show --diff``: the stored versions of an article, and what changed between two."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import typer

from .terminal import errors, opened, settings_of, stdout, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

    from ..model import Article, ArticleVersion, SentenceChange, WordChange

_STATED = ("title", "source", "authors", "published", "modified", "url")
_STYLES = {"added": "bold green", "deleted": "strike red", "moved": "cyan"}
_SIGNS = {"added": "+", "deleted": "-", "moved": ">", "changed": "~"}


def list_versions(article: str, library: str | None, as_json: bool) -> None:
    """Print the stored versions of an article, oldest first."""
    with errors():
        from ..manage import versions

        found = versions(article, settings=settings_of(library=library))
        if as_json:
            import json

            typer.echo(json.dumps([v.model_dump(mode="json") for v in found], indent=2, ensure_ascii=False))
            return
        from rich.table import Column, Table

        from ..english.temporal.writing import write_day

        name = Column("id", no_wrap=True)
        table = Table(name, "shown from", "until", "stored (UTC)", "sentences changed", box=None, header_style="bold")
        for version in found:
            until = write_day(version.shown_until) if version.shown_until else "" if version.article.replaced else "now"
            table.add_row(
                styled(version.article.id),
                write_day(version.shown_from) if version.shown_from else "undated",
                until,
                f"{version.added:%Y-%m-%d %H:%M}",
                "" if version.changed is None else str(version.changed),
            )
        stdout().print(table)


def show_difference(article: str, between: str | None, library: str | None, as_json: bool) -> None:
    """Print what changed between two versions of an article. ``between`` is OLD..NEW, OLD, or None for the last two."""
    with errors(), opened(library) as store:
        from ..changes.versions import difference
        from ..errors import InputError

        held = store.versions_of(store.find(article).id)
        if len(held) < 2:
            raise InputError(f"The library holds one version of {article}, so there is nothing to compare.")
        first, _, last = (between or "").partition("..")
        newest = _chosen(held, last) if last else held[-1]
        oldest = _chosen(held, first) if first else _before(held, newest)
        parsed = store.parsed([oldest.article.id, newest.article.id])
        old, new = parsed[oldest.article.id], parsed[newest.article.id]
        changes = difference(old, new)
        if as_json:
            import json

            both = {"old": old.article.ref().model_dump(mode="json"), "new": new.article.ref().model_dump(mode="json")}
            sentences = [change.model_dump(mode="json") for change in changes]
            typer.echo(json.dumps(both | {"sentences": sentences}, indent=2, ensure_ascii=False))
            return
        _print_difference(old.article, new.article, changes)


def _chosen(held: Sequence[ArticleVersion], name: str) -> ArticleVersion:
    """Return the version that a user names. Raises InputError if there is no such version, or more than one."""
    from ..errors import InputError

    ids = {version.article.id: version for version in held}
    if name in ids:
        return ids[name]
    named = name.rpartition("@")[2]
    found = [
        version
        for version in held
        if version.article.id.partition("@")[2].startswith(named) or version.article.version.startswith(named)
    ]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} versions are called {name!r}" if found else f"There is no version {name!r}"
    raise InputError(f"{what}. List them with: qa show {held[-1].article.id} --versions")


def _before(held: Sequence[ArticleVersion], version: ArticleVersion) -> ArticleVersion:
    from ..errors import InputError

    at = held.index(version)
    if at == 0:
        raise InputError(f"The library holds no version before {version.article.id}. Name two: OLD..NEW.")
    return held[at - 1]


def _print_difference(old: Article, new: Article, changes: Sequence[SentenceChange]) -> None:
    from ..changes.versions import word_difference
    from ..render import outlet_and_day

    console = stdout()
    console.print(styled(new.heading or new.id, "bold"))
    console.print(styled(f"{outlet_and_day(new)} · {old.id} → {new.id}", "dim"), soft_wrap=True)
    for name in _STATED:
        was, now = (_words(getattr(article, name)) for article in (old, new))
        if was != now:
            console.print(_told(console, f"{name}: ", word_difference(was, now)), soft_wrap=True)
    console.print()
    for same, group in groupby(changes, key=lambda change: change.kind == "same"):
        run = list(group)
        if same:
            count = f"{len(run)} {'sentence is' if len(run) == 1 else 'sentences are'} the same"
            console.print(styled(f"  … {count}", "dim"))
            continue
        for change in run:
            console.print(_sentence(console, change), soft_wrap=True)


def _words(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _sentence(console: Console, change: SentenceChange) -> Text:
    from ..model import WordChange

    whole = change.new or change.old
    words = change.words
    if not words and whole:
        # A moved sentence has no changed words; its sign tells.
        kind = change.kind if change.kind in ("added", "deleted") else "same"
        words = (WordChange.model_validate({"kind": kind, "text": whole.text}),)
    return _told(console, f"{_SIGNS[change.kind]} ", words, style=_STYLES["moved"] if change.kind == "moved" else "")


def _told(console: Console, sign: str, words: Sequence[WordChange], style: str = "") -> Text:
    from rich.text import Text

    return Text.assemble(styled(sign, "bold"), *_pieces(console, words, style))


def _pieces(console: Console, words: Sequence[WordChange], style: str) -> Iterator[Text]:
    """Yield the words. Changed ones are bold or struck out; where nobody would see that, in ``{+…+}`` or ``[-…-]``."""
    from ..render import in_line

    marks = {"added": "{{+{}+}}", "deleted": "[-{}-]"}
    for change in words:
        text = in_line(change.text)
        seen = console.is_terminal and not console.no_color
        yield styled(text if seen else marks.get(change.kind, "{}").format(text), _STYLES.get(change.kind, style))
