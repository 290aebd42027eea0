"""Corrections are tied to the sentences that they correct, in their own article and in others, and to no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from growth import is_linear

from qa.articles.chunks import pack
from qa.articles.parse import parse
from qa.changes.corrections import Correction, corrections_of
from qa.library.library import Entry, Library
from qa.model import Article, Filters, Status

MAY_2 = date(2026, 5, 2)
STORY = """A wooden stand collapsed at the Vale regatta on Saturday and 14 people were hurt, organisers said.

The stand was put up on Friday by the firm Halden, according to harbour master Owen Tarn. The regatta went on.

About 2,300 people watched the race, in which 14 boats took part. The winning crew came from Askey after 16 minutes.
"""


def article(
    text: str,
    published: date = MAY_2,
    *,
    id: str = "story",  # noqa: A002
    source: str = "Vale Post",
    modified: date | None = None,
    status: Status = "current",
) -> Article:
    return Article(
        id=id, version="1", title=None, source=source, published=published, modified=modified, status=status, text=text
    )


def library_of(articles: Sequence[Article]) -> Library:
    library = Library(None, create=True)
    entries = []
    for one in articles:
        parsed = parse(one)
        chunks = pack(one, parsed.sentences, lambda texts: [len(text.split()) for text in texts])
        entries.append(Entry(parsed, chunks, np.zeros((len(chunks), 2), np.float32)))
    library.write(entries, embedder="none")
    return library


def found(
    articles: Sequence[Article], words: str, *, in_article: str = "story", filters: Filters | None = None
) -> tuple[Correction, ...]:
    """The corrections of the sentence with some words of one of the articles."""
    library = library_of(articles)
    parsed = library.parsed([in_article])[in_article]
    sentence = next(s for s in parsed.sentences if words in s.text)
    return corrections_of(sentence, parsed, library, filters or Filters())


# -- the same article --------------------------------------------------------------------------------------------------

HURT = "14 people were hurt"
STAND = "the firm Halden"
BOATS = "14 boats"

# The note below the story, the sentence, whether it is wrong, right, or not meant.
OWN: list[tuple[str, str, str | None]] = [
    ("Correction: An earlier version misstated the number of people hurt. It is 41, not 14.", HURT, "wrong"),
    ("Correction: An earlier version misstated the number of people hurt. It is 41, not 14.", BOATS, None),
    ("Correction: An earlier version misstated the number of people hurt. It is 41, not 14.", "2,300", None),
    ("Correction: It gave the number of boats in the race as 14. It was 41.", BOATS, "wrong"),
    ("Correction: It gave the number of boats in the race as 14. It was 41.", HURT, None),
    ("Correction: The stand was put up by Holten, not Halden.", STAND, "wrong"),
    ("Correction: The stand was put up by Holten, not Halden.", HURT, None),
    ("Correction: The stand was put up by Halden, not Holten.", STAND, "right"),
    ("An earlier version of this article said that 41 people were hurt. The number is 14.", HURT, "right"),
    ("An earlier version of this article said that 41 people were hurt. The number is 14.", BOATS, None),
    ("We misspelled the harbour master’s name. He is Owen Tarne, not Owen Tarn.", STAND, "wrong"),
    ("This article was amended on 3 May 2026. The stand was put up on Thursday, not on Friday.", STAND, "wrong"),
    ("This article was amended on 3 May 2026. The stand was put up on Thursday, not on Friday.", HURT, None),
    ("Correction: The winning crew took 14 minutes, not 16 minutes.", "winning crew", "wrong"),
    ("Correction: The winning crew took 14 minutes, not 16 minutes.", HURT, None),
    ("Correction: The winning crew came from Varn, not Askey.", "winning crew", "wrong"),
    ("Clarification: Organisers are the rowing club of Vale, not the town of Vale.", "The regatta went on", None),
    ("Correction: About 3,200 people watched the race; an earlier version gave another figure.", "2,300", None),
    ("This article was amended to change the number who watched the race from 2,300 to 3,200.", "2,300", "wrong"),
    ("This story has been withdrawn.", HURT, "wrong"),
    ("This story has been withdrawn.", "The regatta went on", "wrong"),
    ("This article has been updated with a comment by the harbour master.", HURT, None),
    ("The board corrected the number of people hurt to 41 from 14.", HURT, None),  # the story goes on to tell so
    ("Correction: An article on 22 April said that 14 people were hurt at the Vale regatta. It was 41.", HURT, None),
]  # fmt: skip


@pytest.mark.parametrize(("note", "words", "expected"), OWN, ids=[f"{n[:50]} | {w}" for n, w, _ in OWN])
def test_notes_of_the_same_article(note: str, words: str, expected: str | None) -> None:
    corrections = found([article(f"{STORY}\n{note}")], words)
    assert [("right" if c.confirms else "wrong") for c in corrections] == ([expected] if expected else [])


def test_what_a_correction_tells() -> None:
    note = "Correction, 3 May: An earlier version misstated the number of people hurt. It is 41, not 14."
    [one] = found([article(f"{STORY}\n{note}")], HURT)
    assert (one.kind, one.wrong, one.right, one.day, one.confirms) == (
        "correction",
        "14",
        "41",
        date(2026, 5, 3),
        False,
    )
    assert " ".join(s.text for s in one.sentences) == note
    assert one.detail == "Corrected on 3 May 2026: 41, not 14."


def test_a_note_without_a_day_is_of_the_day_of_the_change_if_that_is_known() -> None:
    text = f"{STORY}\nCorrection: The stand was put up by Holten, not Halden."
    undated = found([article(text)], STAND)[0]
    assert undated.day is None  # the article may have got it on any later day
    assert undated.detail == "Corrected: Holten, not Halden."
    assert found([article(text, modified=date(2026, 5, 9))], STAND)[0].day == date(2026, 5, 9)


def test_the_sentence_of_a_note_that_repeats_what_was_wrong() -> None:
    text = f"{STORY}\nAn earlier version said that 14 people were hurt. The number is 41."
    [one] = found([article(text)], "An earlier version")
    assert (one.wrong, one.right, len(one.sentences)) == ("14", "41", 2)
    assert found([article(text)], "The number is 41") == ()


def test_an_article_that_is_only_marked_as_withdrawn() -> None:
    [one] = found([article(STORY, status="retracted")], HURT)
    assert (one.kind, one.sentences, one.confirms) == ("retraction", (), False)


def test_entries_of_a_live_blog_before_a_correction() -> None:
    text = """09:40 The office tells 500 people in Orrin Bay to stay indoors.

10:15 A pump fails.

12:10 The district office corrected the number of people told to stay indoors in Orrin Bay from 500 to 1,500.

14:00 All 500 people of Orrin Bay may stay indoors if they like."""
    assert found([article(text)], "09:40")[0].right == "1,500"
    assert found([article(text)], "14:00 All") == ()


# -- other articles ----------------------------------------------------------------------------------------------------

LATER = """The Vale regatta will get a new stand, harbour master Owen Tarn said on Tuesday.

The one that collapsed at the regatta was made of wood. Organisers said it had been checked twice.
"""

# The note below the later article, its outlet, the sentence of the story, and what it is.
OTHERS: list[tuple[str, str, str, str | None]] = [
    ("Correction: Reports on Saturday gave the number of people hurt as 14. It was 41.", "Vale Post", HURT, "wrong"),
    ("Correction: Reports on Saturday gave the number of people hurt as 14. It was 41.", "Coast Wire", HURT, "wrong"),
    ("Correction: Reports on Saturday gave the number of people hurt as 14. It was 41.", "Vale Post", BOATS, None),
    ("The board corrected the number of people hurt in the collapse to 41 from 14.", "Coast Wire", HURT, "wrong"),
    ("In all, 41 people were hurt in the collapse, and not 14 as organisers had said.", "Coast Wire", HURT, "wrong"),
    ("In all, 41 people were hurt in the collapse, and not 14 as organisers had said.", "Coast Wire", BOATS, None),
    ("The stand was put up by Holten, not Halden as first reported.", "Coast Wire", STAND, "wrong"),
    ("We said on Saturday that 14 people were hurt. The correct number is 41.", "Vale Post", HURT, "wrong"),
    ("We said on Saturday that 14 people were hurt. The correct number is 41.", "Coast Wire", HURT, None),
    ("The Post reported on Saturday that 14 people were hurt. This was wrong.", "Vale Post", HURT, "wrong"),
    ("The Courier reported on Saturday that 14 people were hurt. This was wrong.", "Vale Post", HURT, None),
    ("Correction: An article on 9 March gave the number of people hurt as 14. It was 41.", "Askey Sun", STAND, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "source", "words", "expected"), OTHERS, ids=[f"{n[:50]} | {s} | {w}" for n, s, w, _ in OTHERS]
)
def test_notes_of_other_articles(note: str, source: str, words: str, expected: str | None) -> None:
    later = article(f"{LATER}\n{note}", date(2026, 5, 5), id="later", source=source)
    corrections = found([article(STORY), later], words)
    assert [("right" if c.confirms else "wrong") for c in corrections] == ([expected] if expected else [])
    assert all(c.article.id == "later" for c in corrections)


CORRECTED = f"{LATER}\nCorrection: Reports on Saturday gave the number of people hurt at the regatta as 14. It was 41."


def test_a_sentence_that_repeats_the_right_value_is_told_of_the_note() -> None:
    after = article(STORY.replace("14 people", "41 people"), date(2026, 5, 20))
    [one] = found([after, article(CORRECTED, date(2026, 5, 5), id="later")], "41 people")
    assert one.confirms


@pytest.mark.parametrize(("published", "tied"), [(MAY_2, True), (date(2026, 2, 1), False), (date(2026, 5, 9), False)])
def test_a_note_corrects_what_was_published_in_the_weeks_before(published: date, tied: bool) -> None:
    later = article(CORRECTED, date(2026, 5, 5), id="later")
    assert bool(found([article(STORY, published), later], HURT)) == tied


def test_a_note_of_another_story_with_the_same_number() -> None:
    other = """Fourteen inmates escaped from Tarn prison on Monday, the prison service said.

Correction: An earlier version gave the number of inmates hurt as 14. It was 41. None of the wardens was hurt.
"""
    assert found([article(STORY), article(other, date(2026, 5, 5), id="later")], HURT) == ()


def test_what_says_itself_that_a_number_no_longer_holds() -> None:
    text = STORY.replace("14 people were hurt", "what was initially given as 14 people hurt")
    assert found([article(text), article(CORRECTED, date(2026, 5, 5), id="later")], "initially") == ()


RETRACTED = """The Post reported on 2 May that a wooden stand had collapsed at the Vale regatta and that people were \
hurt. This was false. The letter on which we relied was forged, and the story has been withdrawn.
"""


def test_the_withdrawal_of_an_article_of_another_day() -> None:
    column = article(RETRACTED, date(2026, 5, 6), id="column")
    assert [c.kind for c in found([article(STORY), column], STAND)] == ["retraction"]
    assert [c.kind for c in found([article(STORY, source="Coast Wire"), column], STAND)] == []
    assert [c.kind for c in found([article(STORY, date(2026, 4, 20)), column], STAND)] == []


def test_a_withdrawal_without_its_target_in_the_library_ties_nothing() -> None:
    column = article(RETRACTED, date(2026, 5, 6), id="column")
    other = article("The council of Vale met on Saturday. It sold a pier for 14 crowns.", MAY_2)
    assert found([other, column], "council") == ()


def test_an_earlier_version_of_the_article() -> None:
    note = "This article was amended on 4 May 2026. An earlier version gave the number of people hurt as 14. It is 41."
    new = article(STORY.replace("14 people", "41 people") + "\n" + note, id="story", modified=date(2026, 5, 4))
    old = article(STORY, id="story@12345678")
    [one] = found([new, old], HURT, in_article="story@12345678")
    assert (one.wrong, one.right, one.article.id, one.confirms) == ("14", "41", "story", False)


# -- filters -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "seen"), [(None, True), (date(2026, 5, 4), True), (date(2026, 5, 3), False)])
def test_as_of_a_day_later_notes_are_not_seen(as_of: date | None, seen: bool) -> None:
    note = "Correction, 4 May: An earlier version misstated the number of people hurt. It is 41, not 14."
    filters = Filters(as_of=as_of)
    assert bool(found([article(f"{STORY}\n{note}")], HURT, filters=filters)) == seen
    later = article(f"{LATER}\n{note}", MAY_2, id="later")
    assert bool(found([article(STORY), later], HURT, filters=filters)) == seen


def test_a_correction_in_other_words_that_names_the_day_reaches_an_older_article() -> None:
    note = article(
        "Setting the record straight: readers have pointed out that 41 people were hurt when the stand at the regatta "
        "collapsed. The 14 mentioned in our report of 2 May came from a first count.",
        date(2026, 8, 1),
        id="later",
    )
    (one,) = found([article(STORY), note], HURT)
    assert (one.wrong, one.right, one.confirms) == ("14", "41", False)
    assert found([article(STORY), note], BOATS) == ()


def test_filters_are_walls_for_notes_too() -> None:
    later = article(CORRECTED, date(2026, 5, 5), id="later", source="Coast Wire")
    assert found([article(STORY), later], HURT, filters=Filters(sources=("Coast Wire", "Vale Post")))
    assert found([article(STORY), later], HURT, filters=Filters(sources=("Vale Post",))) == ()
    assert found([article(STORY), later], HURT, filters=Filters(until=date(2026, 5, 4))) == ()


# -- the library -------------------------------------------------------------------------------------------------------


def test_a_library_without_notes_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    library = library_of([article(STORY), article(LATER, id="later")])
    assert library.notes(Filters(), {"14"}) == []
    library = library_of([article(STORY), article(CORRECTED, date(2026, 5, 5), id="later")])
    assert library.notes(Filters(), {"14"}) == ["later"]
    assert library.notes(Filters(), {"15"}) == []
    assert library.notes(Filters(until=MAY_2), {"14"}) == []
    library.remove(["later"])
    assert library.notes(Filters(), {"14"}) == []


def test_many_notes_cost_little() -> None:
    note = "Correction: Reports gave the number of boats hurt as 14. It was"
    libraries = {}
    for count in (10, 100):
        many = [
            article(f"{LATER.replace('Vale', f'Vale{n}')}\n{note} {n}.", MAY_2 + timedelta(n % 20), id=f"n{n}")
            for n in range(15, 15 + count)
        ]
        libraries[count] = library_of([article(STORY), *many])

    def read(count: int) -> None:
        parsed = libraries[count].parsed(["story"])["story"]
        for sentence in parsed.sentences:
            corrections_of(sentence, parsed, libraries[count], Filters())

    assert is_linear(read, 10, 100)


@pytest.mark.parametrize(
    "told",
    [
        "The school board withdrew its report on bullying.",
        "The council of Hulm has withdrawn its report on safe roads.",
        "The channel RTV withdrew its report about Hulm, the town said.",
        "The board said that this report was withdrawn because of errors.",
    ],
)
def test_what_somebody_else_withdraws_is_not_the_article(told: str) -> None:
    assert found([article(f"{STORY}\n{told}")], STAND) == ()
