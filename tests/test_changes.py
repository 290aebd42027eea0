"""Is it still so? What an answer says of newer, other and rounded values, over small libraries."""

from __future__ import annotations

from datetime import date

import pytest

from qa import answer
from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.changes import weigh
from qa.model import Answer, Article, Filters
from qa.settings import Settings


def story(text: str, day: str | None, source: str = "Vale Post", title: str = "News from Vale") -> Article:
    return build(Extract(text, Facts(title=title, source=source, published=date.fromisoformat(day) if day else None)))


DEPOT = story(
    "Mayor Ida Cole opened the tram depot in Vale on Friday. The fare will stay at 3 crowns, the mayor said.\n\n"
    "The tram carries 40,000 people a day, the operator said.",
    "2024-01-12",
)
FARE = story(
    "Mayor Jon Tarr, who took over from Ida Cole in January, said on Monday that the tram fare would rise to 5 "
    "crowns.\n\nThe tram now carries 55,000 people a day.",
    "2026-03-09",
)
QUITS = story(
    "Jon Tarr resigned as mayor of Vale on Monday. His deputy, Lena Voss, was sworn in as mayor on Tuesday.\n\n"
    "She put the tram fare back to 4 crowns.",
    "2026-06-02",
)
VALE = (DEPOT, FARE, QUITS)


def ask(question: str, *articles: Article, as_of: date | None = None) -> Answer:
    return answer(question, articles=articles, filters=Filters(as_of=as_of), settings=Settings(offline=True))


def test_the_newest_holder_of_an_office_comes_first_and_the_one_before_is_dated() -> None:
    found = ask("Who is the mayor of Vale?", *VALE)
    first, *older = found.claims
    assert "Lena Voss" in first.text
    assert first.standing == "current"
    assert {claim.standing for claim in older} <= {"superseded", "unknown"}
    assert all(claim.wording.startswith("As of ") for claim in older)


def test_the_newest_figure_comes_first() -> None:
    found = ask("How many people does the tram carry a day?", *VALE)
    assert "55,000" in found.claims[0].text
    assert found.claims[1].wording.startswith("As of 12 January 2024: The tram carries 40,000")
    (change,) = found.conflicts
    assert (change.kind, change.claims) == ("update", (0, 1))
    assert "55,000" in change.detail
    assert "40,000" in change.detail


def test_as_of_a_day_only_what_was_published_by_then_counts() -> None:
    found = ask("What is the tram fare?", *VALE, as_of=date(2026, 4, 1))
    assert "5 crowns" in found.claims[0].text
    assert not any("4 crowns" in claim.text for claim in found.claims)


def test_a_question_about_the_past_keeps_its_value() -> None:
    found = ask("What was the tram fare in January 2024?", *VALE)
    assert "3 crowns" in found.claims[0].text
    assert found.claims[0].standing == "current"


POST = story(
    "Some 14 people were hurt when a stand collapsed at the Vale regatta on Saturday, police said.", "2026-05-02"
)
WIRE = story(
    "A stand collapsed at the Vale regatta on Saturday and 19 people were hurt, the hospital said.",
    "2026-05-02",
    "Coast Wire",
)


def test_two_outlets_with_two_figures_on_one_day_disagree_and_both_are_shown() -> None:
    found = ask("How many people were hurt at the Vale regatta?", POST, WIRE)
    (change,) = found.conflicts
    assert change.kind == "disagreement"
    assert {claim.standing for claim in found.claims} == {"disputed"}
    shown = " ".join(claim.text for claim in found.claims)
    assert "14" in shown
    assert "19" in shown
    assert "Vale Post" in change.detail
    assert "Coast Wire" in change.detail


def test_a_claim_is_dated_where_a_later_sentence_only_may_give_a_newer_value(monkeypatch: pytest.MonkeyPatch) -> None:
    visitors = (
        story("The Vale regatta drew 3,120 visitors, the club said.", "2026-05-03"),
        story("The Vale regatta drew 2,480 visitors, the club said.", "2027-05-02"),
    )
    assert ask("How many visitors does the Vale regatta draw?", *visitors).conflicts
    monkeypatch.setattr(weigh, "SAME", 1.0)
    found = ask("How many visitors does the Vale regatta draw?", *visitors)
    assert found.conflicts == ()
    standings = {("3,120" in claim.text): claim.standing for claim in found.claims}
    assert standings[True] == "unknown"


def test_a_claim_is_dated_if_a_later_article_goes_on_with_its_story_and_may_answer_too() -> None:
    shut = story(
        "The glassworks in Marl has shut its second kiln because gas is too dear, manager Ona Birk said on Monday. The "
        "kiln had burned since 1988.",
        "2026-03-02",
    )
    goes_on = story(
        "The second kiln of the glassworks in Marl will be lit again in autumn, manager Ona Birk said. Its lining has "
        "cracked, and masons from Varn are to replace it.",
        "2026-05-11",
    )
    asked = "Which kiln has the glassworks shut?"
    (claim,) = ask(asked, shut, goes_on).claims
    assert claim.standing == "unknown"
    assert claim.wording.startswith("As of 2 March 2026: ")
    assert ask(asked, shut).claims[0].standing == "current"


def test_a_later_article_that_tells_the_same_dates_nothing() -> None:
    first = story("Baker Lea Hold is the founder of the charity Loaf in Marl, which feeds 300 people.", "2026-03-02")
    later = story("The charity Loaf in Marl feeds 300 people, its founder Lea Hold said.", "2026-05-11")
    assert {claim.standing for claim in ask("How many people does Loaf feed?", first, later).claims} == {"current"}


def test_no_claim_is_dated_for_what_happened_or_was_said() -> None:
    won = story("Ida Cole won the May election for mayor of Vale with 52 percent, the board said.", "2026-05-20")
    goes_on = story(
        "Ida Cole was sworn in as mayor of Vale on Monday. The election board in Vale said that it will count the "
        "votes for mayor again.",
        "2026-06-02",
    )
    for question in ("Who won the May election for mayor of Vale?", "What did the board say about the election?"):
        first = next(claim for claim in ask(question, won, goes_on).claims if "52 percent" in claim.text)
        assert first.standing == "current", question


def test_the_newest_of_two_values_is_dated_if_the_story_goes_on() -> None:
    old = story("The tram in Vale carries 40,000 people a day, the operator said.", "2024-01-12")
    new = story("The tram in Vale now carries 55,000 people a day, the operator said on Monday.", "2026-03-09")
    goes_on = story(
        "The tram in Vale carries far fewer people a day since the strike began, the operator said. It did not say how "
        "many people the tram carries.",
        "2026-06-02",
    )
    found = ask("How many people does the tram in Vale carry a day?", old, new, goes_on)
    newest = next(claim for claim in found.claims if "55,000" in claim.text)
    assert newest.wording.startswith("As of 9 March 2026: ")
    assert found.conflicts[0].kind == "update"


def test_a_sentence_that_tells_the_value_of_before_is_an_update_by_itself() -> None:
    found = ask(
        "How many people work at the airfield of Vale?",
        story("At the airfield of Vale, where nineteen people worked in spring, there are now twelve.", "2026-05-10"),
    )
    (change,) = found.conflicts
    assert (change.kind, change.claims) == ("update", (0,))
    assert change.detail.startswith("Newer: “twelve” (Vale Post, 10 May 2026). Before: “nineteen")
    assert [claim.standing for claim in found.claims] == ["current"]


PATIENTS = story(
    "The union says that 26 patients of Vale General have fallen ill. The clinic says fourteen.", "2026-05-11"
)


def test_two_people_whose_figures_an_article_sets_side_by_side_disagree() -> None:
    found = ask("How many patients of Vale General have fallen ill?", PATIENTS)
    (change,) = found.conflicts
    assert change.kind == "disagreement"
    assert {claim.standing for claim in found.claims} == {"disputed"}
    assert "fourteen" in " ".join(claim.text for claim in found.claims)


QUAY = story(
    "Whistles rang out in Bramsel as fans protested against the board on Saturday.\n\n"
    "It was cold. The quay was full. A band played. Snow lay on the boats. Nobody from the board came.\n\n"
    "The fans’ federation says that 6,200 of them stood there. The police, who came too, saw 3,900.",
    "2026-01-26",
    title="Fans whistle on the quay",
)


def test_two_sides_of_a_disagreement_answer_though_they_do_not_name_the_place() -> None:
    found = ask("How many fans protested on the quay in Bramsel?", QUAY)
    assert [change.kind for change in found.conflicts] == ["disagreement"]
    shown = " ".join(claim.text for claim in found.claims)
    assert "6,200" in shown
    assert "3,900" in shown
    assert ask("How many police officers were on the quay in Bramsel?", QUAY).status == "abstained"


def test_a_disagreement_about_patients_is_none_about_as_many_pumps() -> None:
    pumps = story("Vale General has bought 26 pumps, its director said.", "2026-05-11")
    found = ask("How many pumps has Vale General bought?", pumps, PATIENTS)
    assert "26 pumps" in found.claims[0].text
    assert found.conflicts == ()


def test_a_rounded_figure_is_no_disagreement() -> None:
    exact = story("The Vale regatta drew 3,120 visitors, the club said.", "2026-05-03")
    loose = story("About 3,000 visitors came to the Vale regatta.", "2026-05-03", "Coast Wire")
    found = ask("How many visitors did the Vale regatta draw?", exact, loose)
    assert {change.kind for change in found.conflicts} <= {"rounding"}
    assert all(claim.standing == "current" for claim in found.claims)


@pytest.mark.parametrize(
    ("other", "question"),
    [
        (
            "Three people were killed when the stand collapsed at the Vale regatta.",
            "How many people were hurt at the Vale regatta?",
        ),
        ("Five of those hurt at the Vale regatta were children.", "How many people were hurt at the Vale regatta?"),
        ("At the Dunmere regatta 27 people were hurt in July.", "How many people were hurt at the Vale regatta?"),
        (
            "Three of the people hurt at the Vale regatta were children.",
            "How many people were hurt at the Vale regatta?",
        ),
        ("Some 25 people could be hurt at the Vale regatta.", "How many people were hurt at the Vale regatta?"),
        ("The Vale regatta hurt 19,000 crowns’ worth of boats.", "How many people were hurt at the Vale regatta?"),
    ],
)
def test_other_things_are_no_change(other: str, question: str) -> None:
    found = ask(question, POST, story(other, "2026-05-04", "Coast Wire"))
    assert not found.conflicts
    assert found.claims[0].standing == "current"


def test_figures_that_one_article_sets_side_by_side_disagree() -> None:
    found = ask(
        "How many people marched in Vale?",
        story("The union says 4,600 people marched in Vale on Sunday; police put the number at 3,100.", "2026-05-10"),
    )
    assert [change.kind for change in found.conflicts] == ["disagreement"]
    assert "4,600" in found.conflicts[0].detail
    assert "3,100" in found.conflicts[0].detail


def test_undated_articles_that_differ_disagree_and_none_is_called_newer() -> None:
    one = story("The Orr bridge in Vale was built in 1902.", None, "Orr Notes")
    other = story("The Orr bridge in Vale was built in 1912.", None, "Vale Almanac")
    found = ask("When was the Orr bridge in Vale built?", one, other)
    assert [change.kind for change in found.conflicts] == ["disagreement"]
    assert all(claim.as_of is None for claim in found.claims)


ORR = (
    "The Orr bridge stands on Quay Street in {}, in {} Hexley, and has been mended twice.\n\n"
    "Its stones were cut by hand, and the keeper lived below the arch."
)


def orr(street: str, part: str, source: str, day: str | None = None) -> Article:
    return story(ORR.format(street, part), day, source)


def test_copies_of_a_text_in_which_another_name_stands_disagree() -> None:
    found = ask("Where does the Orr bridge stand?", orr("Orsund", "Lower", "Notes"), orr("Varn", "Upper", "Almanac"))
    (change,) = found.conflicts
    assert change.kind == "disagreement"
    assert "“Orsund, in Lower”" in change.detail
    assert "“Varn, in Upper”" in change.detail
    assert {claim.standing for claim in found.claims} == {"disputed"}


def test_of_copies_of_two_days_the_later_one_is_newer() -> None:
    old, new = orr("Orsund", "Lower", "Notes", "2026-05-02"), orr("Varn", "Upper", "Almanac", "2026-05-09")
    (change,) = ask("Where does the Orr bridge stand?", old, new).conflicts
    assert change.kind == "update"


def test_a_template_of_one_outlet_is_filled_in_for_two_things() -> None:
    one, other = orr("Orsund", "Lower", "Notes"), orr("Varn", "Upper", "Notes")
    assert not ask("Where does the Orr bridge stand?", one, other).conflicts


def test_copies_do_not_disagree_about_what_a_question_does_not_name() -> None:
    text = ORR.replace("Orr ", "")
    one, other = (
        story(text.format("Orsund", "Lower"), None, "Notes"),
        story(text.format("Varn", "Upper"), None, "Almanac"),
    )
    assert not ask("Where does the bridge stand?", one, other).conflicts


def test_an_article_that_has_both_sentences_does_not_contradict_itself() -> None:
    both = story(ORR.format("Orsund", "Lower") + "\n\n" + ORR.format("Varn", "Upper"), None, "Almanac")
    assert not ask("Where does the Orr bridge stand?", orr("Orsund", "Lower", "Notes"), both).conflicts


def test_the_nearest_sentences_of_an_abstention_come_with_their_corrections() -> None:
    wrong = story(
        "Some 14 people were hurt when a stand collapsed at the Vale regatta on Saturday, police said.\n\n"
        "Correction: An earlier version misstated the number of people hurt. It is 41, not 14.",
        "2026-05-02",
    )
    found = ask("Who paid for the stand that collapsed at the Vale regatta where people were hurt?", wrong)
    quotes = [citation.quote for citation in found.citations]
    assert found.status == "abstained"
    assert any("14 people were hurt" in quote for quote in quotes)
    assert "It is 41, not 14." in quotes


def test_a_withdrawn_story_is_told_with_its_withdrawal() -> None:
    killed = story(
        "This story has been withdrawn. The two people quoted in it do not exist.\n\n"
        "The captain of the ferry Ister was asleep at the wheel on Monday, two sailors said.",
        "2026-05-02",
    )
    found = ask("Was the captain of the ferry Ister asleep?", killed)
    claim = next(c for c in found.claims if "asleep" in c.text)
    assert claim.standing == "corrected"
    assert claim.wording.startswith("Before the correction: ")
    assert "withdrawn" in " ".join(c.text for c in found.claims)
    assert found.conflicts[0].kind == "correction"


def test_what_a_note_calls_wrong_is_not_marked_as_the_answer() -> None:
    corrected = story(
        "Some 41 people were hurt when a stand collapsed at the Vale regatta on Saturday, police said.\n\n"
        "Correction: An earlier version said that 14 people were hurt at the Vale regatta. The number is 41.",
        "2026-05-02",
    )
    found = ask("How many people were hurt at the Vale regatta?", corrected)
    marked = [text for citation in found.citations for text, answers in citation.pieces if answers]
    assert not any("14" in text for text in marked)


def test_a_later_sentence_about_another_place_dates_nothing() -> None:
    renna = story("The city of Renna has 84,000 inhabitants.", "2024-03-01", "Lantern Daily", "Renna votes")
    orsund = story(
        "The council of Renna met its neighbours. Orsund has 31,000 inhabitants.",
        "2024-04-05",
        "Skarve Post",
        "Around the region",
    )
    found = ask("How many inhabitants does Renna have?", renna, orsund)
    assert found.claims[0].standing == "current"
    assert not found.conflicts


def test_the_mayor_of_another_town_is_not_the_new_mayor() -> None:
    found = ask(
        "Who is the mayor of Vale?",
        story("The mayor of Vale, Ida Cole, opened a depot. The mayor of Askey, Jon Tarr, was there.", "2026-01-12"),
        story(
            "Ida Cole resigned as mayor of Vale on Monday. Lena Voss was sworn in as mayor on Tuesday.", "2026-04-02"
        ),
        story("Mayor Jon Tarr invited all of Vale to Askey for a beer.", "2026-07-06"),
    )
    assert "Lena Voss" in found.claims[0].text
    assert not any("Jon Tarr" in change.detail for change in found.conflicts)


def test_of_several_values_every_older_one_is_dated() -> None:
    found = ask(
        "How many employees do the two mills in Vale have now?",
        story("The two mills in Vale have 1,240 employees.", "2026-01-14"),
        story("The two mills in Vale now have 1,205 employees, 35 fewer than in January.", "2026-06-18"),
        story("The mills in Vale have 1,190 employees.", "2026-09-02"),
    )
    first, *older = found.claims
    assert "1,190" in first.text
    assert all(claim.standing == "superseded" for claim in older)


def test_a_claim_that_says_that_nobody_agrees_comes_with_both_figures() -> None:
    found = ask(
        "How much oil did the Maren Tide lose?",
        story(
            "Two days after the tanker Maren Tide ran aground, nobody agrees how much oil she has lost.\n\n"
            "Vale Shipping, her owner, puts the spill at 130 tonnes. The group Blue Ledger says that 400 tonnes have "
            "leaked.",
            "2026-03-05",
        ),
    )
    (change,) = found.conflicts
    assert change.kind == "disagreement"
    told = " ".join(claim.text for claim in found.claims)
    assert "130 tonnes" in told
    assert "400 tonnes" in told


def test_the_number_that_the_question_counts_is_the_value() -> None:
    found = ask(
        "How many beds will the new hospital in Vale have?",
        story("The new hospital in Vale is to cost 142 million crowns and to have 310 beds.", "2026-01-14"),
        story("The new hospital in Vale will have 340 beds, the council said.", "2026-06-01"),
    )
    (change,) = found.conflicts
    assert change.kind == "update"
    assert "310" in change.detail
    assert "142 million" not in change.detail


def test_what_a_library_held_before_its_first_article_is_told() -> None:
    found = answer(
        "Who is the mayor of Vale?",
        articles=VALE,
        filters=Filters(as_of=date(2020, 1, 1), basis="held"),
        settings=Settings(offline=True),
    )
    assert found.status == "abstained"
    assert any("held no article yet on 1 January 2020" in warning for warning in found.warnings)


BEARS = story(
    "Ice hockey club Bramsel Bears is led by its president, Ivo Marchbank. Coach Radek Holm has a contract until 2028, "
    "and the goalkeeper Milo Sant is hurt.",
    "2026-01-12",
)
LUND = story(
    "Ivo Marchbank gave up on Wednesday, and the members of the Bears have chosen Petra Lund to be president. Radek "
    "Holm stays, and Milo Sant is back.",
    "2026-03-30",
    "Coast Tidings",
    "A new president",
)


def test_a_later_article_of_the_story_may_call_its_subject_by_a_shorter_name() -> None:
    found = ask("Who is the president of the Bramsel Bears?", BEARS, LUND)
    assert "Petra Lund" in found.claims[0].text
    assert [c.kind for c in found.conflicts] == ["update"]


def test_another_word_for_the_same_toll_is_the_same_thing() -> None:
    first = story("Twenty-two people were hurt by Aquila kettles, the company said.", "2026-05-07")
    second = story(
        "The report puts the number of people injured by Aquila kettles at 27, eleven of them children.", "2026-08-19"
    )
    found = ask("How many people were hurt by Aquila kettles?", first, second)
    assert "27" in found.claims[0].text
    assert [c.kind for c in found.conflicts] == ["update"]


def test_an_article_that_another_one_withdraws_is_marked_wherever_it_is_cited() -> None:
    false = story(
        "Some 14 people were hurt when a wooden stand collapsed at the Vale regatta on Saturday, police said. The "
        "stand had been built by Ostler and Sons.",
        "2026-05-02",
    )
    column = story(
        "The Post reported on 2 May that a wooden stand had collapsed at the Vale regatta and that people were hurt. "
        "This was false. The letter on which we relied was forged, and the story has been withdrawn.",
        "2026-05-06",
        title="Corrections",
    )
    found = ask("Who had built the stand at the Vale regatta?", false, column)
    assert {a.published: a.status for a in found.articles}[date(2026, 5, 2)] == "retracted"


def test_a_later_headline_that_tells_how_things_are_is_told_and_dates_the_answer() -> None:
    shut = story(
        "The Keller Bridge will stay closed until April, the minister said.", "2026-03-07", title="Repair drags on"
    )
    opened = story(
        "A nurse drove the first car in 76 days across the Keller Bridge at one minute past six on Monday morning.",
        "2026-05-19",
        title="Keller Bridge reopens after 76 days",
    )
    found = ask("Is the Keller Bridge open now?", shut, opened)
    assert "stay closed" in found.claims[0].text
    assert found.claims[0].standing == "unknown"
    assert found.claims[0].wording.startswith("As of 7 March 2026")
    assert any("“Keller Bridge reopens after 76 days” (Vale Post, 19 May 2026)" in note for note in found.warnings)


@pytest.mark.parametrize(
    "title", ["Keller Bridge in photographs", "Vale market reopens after a year", "News from the Keller Bridge"]
)
def test_a_later_headline_about_something_else_dates_nothing(title: str) -> None:
    shut = story(
        "The Keller Bridge will stay closed until April, the minister said.", "2026-03-07", title="Repair drags on"
    )
    later = story("Visitors saw old photographs of the Keller Bridge and of the market.", "2026-05-19", title=title)
    assert not ask("Is the Keller Bridge open?", shut, later).warnings
