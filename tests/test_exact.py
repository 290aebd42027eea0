"""The vectors in memory follow the library: each thread finds exactly what its snapshot holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import CountingEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from test_library import entry

from qa.library.exact import Recent, ranked
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Filters

pytestmark = pytest.mark.usefixtures("ask_chroma")

EMBEDDER = CountingEmbedder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "lib", create=True)) as library:
        library.write([entry(f"a{i}", f"Story {i} tells of crane {i}.") for i in range(20)], embedder="counting")
        yield library


def vector(text: str) -> np.ndarray:
    return EMBEDDER.embed([text])[0]


def score_all(library: Library, text: str, limit: int) -> list[tuple[int, float]]:
    """The expected result: all vectors of the library, scored without a cache."""
    ids, vectors = library.vectors()
    return ranked(ids, vectors, vector(text), limit)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.integers(0, 9)),
            st.tuples(st.just("remove"), st.integers(0, 9)),
            st.tuples(st.just("refresh"), st.just(0)),
        ),
        max_size=25,
    )
)
def test_the_cache_finds_what_the_library_holds_after_any_changes(steps: list[tuple[str, int]]) -> None:
    with closing(Library(None)) as library:
        library.write([entry("first", "A first story.")], embedder="counting")
        cache = Recent(library)
        for n, (action, number) in enumerate(steps):
            if action == "write":
                text = f"Story {number} tells of crane {n}. It has edition {n}."
                library.write([entry(f"a{number}", text)], embedder="counting")
            elif action == "remove":
                library.remove([f"a{number}"])
            else:
                cache.refresh()
        assert cache.nearest(vector("crane"), 50) == score_all(library, "crane", 50)


def test_an_earlier_snapshot_still_finds_what_was_removed_later(library: Library) -> None:
    cache = Recent(library)
    cache.refresh()
    assert library.folder
    with closing(Library(library.folder)) as writer:
        writer.write([entry("a0", "An edition that exists for one revision.")], embedder="counting")
        with library.reading():
            library.revision  # noqa: B018  # the snapshot begins with the first read
            expected = score_all(library, "crane", 50)
            writer.write([entry("a0", "The edition after it.")], embedder="counting")
            writer.remove(["a1"])
            with closing(Library(library.folder)) as other:
                cache._library = other  # a question of another thread moves the cache to the newest state
                newest = cache.nearest(vector("crane"), 50)
                assert newest == score_all(other, "crane", 50)
                cache._library = library
            assert newest != expected
            assert cache.nearest(vector("crane"), 50) == expected
        assert cache.nearest(vector("crane"), 50) == newest


def test_only_chunks_newer_than_the_given_state_are_read(library: Library) -> None:
    state = library.state
    library.write([entry("new", "A tram ran off its rails.")], embedder="counting")
    recent = Recent(library, state)
    assert [chunk_id for chunk_id, _ in recent.nearest(vector("tram"), 50)] == list(library.changes(state[0])[0])
    library.remove(["new", "a3"])
    assert recent.nearest(vector("tram"), 50) == []
    assert recent.removed >= 1


def test_scores_do_not_depend_on_which_other_chunks_are_scored() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(5000, 64)).astype(np.float32)
    ids = list(range(5000))
    query = vectors[17]
    best = ranked(ids, vectors, query, 10)
    subset = [i for i, _ in best] + list(range(40, 90))
    assert ranked(subset, vectors[subset], query, 10) == best
    assert best[0][0] == 17


def test_equal_vectors_are_ordered_by_id(library: Library) -> None:
    library.write([entry(name, "The very same words.") for name in ("z", "y", "x")], embedder="counting")
    with closing(Index(library, None)) as index:
        hits = index.search(vector("The very same words."), 3, Filters())
    assert [i for i, _ in hits] == sorted(i for i, _ in hits)
    assert len({score for _, score in hits}) == 1
