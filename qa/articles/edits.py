"""What readers say of an article in place of what its source states: its headline, outlet, authors and day.

An edit is kept beside the article. The version of an article is that of what its source states, so an edit makes no new
version, and a later ingest of the unchanged source finds nothing to do. A changed source gets the edit again.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..english.bylines import split_names
from ..english.characters import is_storable
from ..english.temporal.dates import read_moment
from ..errors import InputError
from ..model import Article, Edit, Particulars

MOST = 500
"""The most characters of a headline, an outlet or a list of authors."""
NAMES = {"title": "headline", "source": "outlet", "authors": "author", "published": "day of publication"}
"""What readers call each field of ``Particulars``."""


def read_particulars(
    *,
    title: str | None = None,
    source: str | None = None,
    authors: str | Sequence[str] | None = None,
    published: str | None = None,
) -> Particulars:
    """Read what a user has typed about an article.

    Args:
        title: the headline. None leaves it as it is, here and below; an empty string makes it unknown.
        source: the outlet.
        authors: the names, or one line with all of them.
        published: the day of publication, or the instant.

    Returns:
        The fields that were given.

    Raises:
        InputError: a value is too long, cannot be stored, or is no date.
    """
    fields: dict[str, object] = {}
    for name, value in (("title", title), ("source", source)):
        if value is not None:
            fields[name] = _line(value, name) or None
    if authors is not None:
        line = _line(authors, "authors") if isinstance(authors, str) else ""
        names = split_names(line) or (line,) if isinstance(authors, str) else authors
        fields["authors"] = tuple(dict.fromkeys(filter(None, (_line(name, "authors") for name in names))))
    if published is not None:
        fields["published"] = moment = read_moment(published)[0]
        if moment is None and published.strip():
            raise InputError(f"{published[:40]!r} is no day. Write it like 2026-03-05.")
    return Particulars.model_validate(fields)


def _line(value: str, name: str) -> str:
    words = " ".join(value.split())
    if len(words) > MOST:
        raise InputError(f"The {NAMES[name]} has more than {MOST} characters. Shorten it.")
    if not is_storable(words):
        raise InputError(f"The {NAMES[name]} contains characters that cannot be stored. Type it again.")
    return words


def edited(article: Article, edit: Edit) -> Article:
    """Return an article, as its source states it, with an edit applied."""
    return article.model_copy(update=_fields(edit.given))


def unedited(article: Article, edit: Edit | None) -> Article:
    """Return an edited article as its source states it."""
    return article.model_copy(update=_fields(edit.stated)) if edit else article


def next_edit(article: Article, before: Edit | None, changes: Particulars) -> Edit | None:
    """Return an article's edit after more changes. None if it then is as its source states it.

    Args:
        article: the article as its source states it.
        before: its edit so far.
        changes: the fields to change. A field that becomes what the source states is edited no longer.
    """
    given = (_fields(before.given) if before else {}) | _fields(changes)
    return _edit(article, given)


def carried(edit: Edit, article: Article) -> tuple[Edit | None, tuple[str, ...]]:
    """Return an edit for a source that has changed, and a remark for each edited field that now states something else.

    Args:
        edit: the edit.
        article: the article as its source states it now.
    """
    after = _edit(article, _fields(edit.given))
    now, was = _fields(Particulars.model_validate(_stated(article))), _fields(edit.stated)
    remarks = tuple(
        f"its {NAMES[name]} was edited in this library and stays so; its source now says: {_written(now[name])}"
        for name in was
        if was[name] != now[name] and after and name in after.given.model_fields_set
    )
    return after, remarks


def described(particulars: Particulars) -> str:
    """Return the fields that are set in words: "headline “Tram stops”, day of publication 2026-03-05"."""
    return ", ".join(f"{NAMES[name]} {_written(value)}" for name, value in _fields(particulars).items())


def _edit(article: Article, given: dict[str, object]) -> Edit | None:
    stated = _stated(article)
    names = [name for name, value in given.items() if value != stated[name]]
    if not names:
        return None
    return Edit(
        given=Particulars.model_validate({name: given[name] for name in names}),
        stated=Particulars.model_validate({name: stated[name] for name in names}),
    )


def _stated(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in NAMES}


def _fields(particulars: Particulars) -> dict[str, object]:
    return {name: getattr(particulars, name) for name in NAMES if name in particulars.model_fields_set}


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "unknown"
    return f"“{value}”" if isinstance(value, str) else str(value or "unknown")
