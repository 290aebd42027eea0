"""``qa notebook``: what readers of the page have kept, listed, shown, and written to files with footnotes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import JsonOption, LibraryOption, errors, settings_of, stderr, stdout, styled

if TYPE_CHECKING:
    from ..workspace.notebook import Contents, Notebook

CollectionArgument = Annotated[
    str, typer.Argument(metavar="COLLECTION", help="Title of the collection, or the first characters of its id.")
]

notebook_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@notebook_app.callback()
def notebook(context: typer.Context, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the collections of the notebook, show one, or write it to a file.

    The notebook has the claims and sentences that were kept on the page, with everything that they cite.
    """
    if context.invoked_subcommand:
        context.obj = library
        return
    with errors():
        collections = _notebook(library).collections()
        if as_json:
            import json

            found = [
                {"id": one.id, "title": one.title, "created": one.created.isoformat(), "entries": one.size}
                for one in collections
            ]
            typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
            return
        if not collections:
            stderr().print("The notebook is empty. Press Keep under a claim on the page (qa app).", soft_wrap=True)
        for one in collections:
            entries = f"{one.size:,} {'entry' if one.size == 1 else 'entries'}"
            stdout().print(styled(f"{one.id[:8]}  {entries:>12}  {one.title}"), soft_wrap=True)


@notebook_app.command()
def show(
    context: typer.Context, collection: CollectionArgument, library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Print a collection with the sources of every entry."""
    with errors():
        from ..workspace import exports

        found = _contents(collection, library or context.obj)
        typer.echo(exports.to_json(found) if as_json else exports.to_text(found), nl=as_json)


@notebook_app.command()
def export(
    context: typer.Context,
    collection: CollectionArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write: .md, .docx or .json.")],
    library: LibraryOption = None,
) -> None:
    """Write a collection to a file, with a footnote for every source.

    The ending of the name says which kind of file is written: .md (Markdown), .docx (Word) or .json.
    """
    with errors():
        from ..errors import InputError
        from ..workspace import exports

        if file.suffix.lower() not in exports.WRITERS:
            raise InputError(f"{file} must end in {', '.join(exports.WRITERS)}. Choose another name.")
        found = _contents(collection, library or context.obj)
        try:
            file.write_bytes(exports.WRITERS[file.suffix.lower()](found))
        except OSError as error:
            raise InputError(f"{file} cannot be written ({error.strerror}). Choose another place.") from None
        stderr().print(styled(f"Saved in {file}.", "dim"), soft_wrap=True)


def _notebook(library: str | None) -> Notebook:
    from ..workspace.notebook import Notebook

    return Notebook(settings_of(library=library).folder)


def _contents(words: str, library: str | None) -> Contents:
    """Return the collection that is meant. Raises InputError if there is none."""
    from ..errors import InputError

    kept = _notebook(library)
    found = kept.find(words)
    contents = kept.contents(found.id) if found else None
    if contents is None:
        raise InputError(f"There is no collection {words!r}. List them with: qa notebook")
    return contents
