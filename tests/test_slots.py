"""What a value is the value of: counts, states and offices."""

from __future__ import annotations

import pytest

from qa.english.lexicon import MODALS
from qa.english.names import leading_names
from qa.english.numbers import find_quantities
from qa.english.questions import counted_in
from qa.english.slots import (
    counted,
    giver,
    gives_two,
    is_real,
    is_whole,
    noun_modifiers,
    opening_times,
    recalls,
    stands_in_office,
    states_asked,
    states_in,
    succession,
    tail_of_figure,
    tells_of_change,
    whose_figure,
    wished,
)


def what(text: str, number: int = 0) -> object:
    return counted(text, find_quantities(text)[number])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 people were hurt.", "The number of injured rose to 41."),
        ("The ferry carries 400 people a day.", "It now carries 550 passengers a day."),
        ("The fare is 3 crowns.", "She put the fare back to 4 crowns."),
        ("12 people are missing.", "Nine villagers are still missing."),
        ("The hospital treated 31 patients.", "The hospital has treated 40 patients."),
    ],
)
def test_numbers_that_may_count_the_same(one: str, other: str) -> None:
    assert what(one).may_be(what(other))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mill is run by 120 workers.", "The mill has 150 workers."),
        ("The letter was signed by some 340 people.", "The letter has 310 people behind it."),
        ("The hall is seen by 3,000 people.", "It has 2,500 people."),
    ],
)
def test_whoever_does_something_is_counted_and_no_step(one: str, other: str) -> None:
    assert what(one).may_be(what(other))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 people were hurt.", "Three people were killed."),
        ("The line carries 400 people a day.", "The line carries 90,000 people a year."),
        ("14 people were hurt.", "Five of them were hurt seriously."),
        ("The rate rose by 0.5 points.", "The rate rose to 4 points."),
        ("The staff was cut by 40 people.", "The staff is 300 people."),
        ("The staff is down by 40 people.", "The staff is 300 people."),
        ("The staff was revised by 40 people.", "The staff is 300 people."),
        ("The staff surged by 40 people.", "The staff is 300 people."),
        ("The firm expects 900 jobs to go.", "The firm cut 700 jobs."),
        ("Of the workers, 12 were arrested.", "12 workers died."),
        ("It employs 300 people.", "It will hire 40 more people."),
    ],
)
def test_numbers_that_count_something_else(one: str, other: str) -> None:
    assert not what(one).may_be(what(other))  # type: ignore[attr-defined]


def test_a_question_tells_two_nouns_apart() -> None:
    jobs, branches = what("Some 1,150 jobs are to go."), what("It will shut 84 branches.")
    assert not jobs.may_be(branches, {"job"})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "name", "stands"),
    [
        ("Jon Tarr resigned as mayor on Monday.", "Jon Tarr", "leaves"),
        ("His deputy, Lena Voss, was sworn in as mayor on Tuesday.", "Lena Voss", "takes"),
        ("Mayor Jon Tarr, who took over from Ida Cole in January, was there.", "Ida Cole", "leaves"),
        ("Mayor Jon Tarr, who took over from Ida Cole in January, was there.", "Jon Tarr", "takes"),
        (
            "The council dismissed Victor Amsel as head of the trams and appointed Ines Corday.",
            "Victor Amsel",
            "leaves",
        ),
        ("The council dismissed Victor Amsel as head of the trams and appointed Ines Corday.", "Ines Corday", "takes"),
        ("The former mayor Ida Cole opened the hall.", "Ida Cole", "leaves"),
        ("Adair, 46, a former head of the company, claimed victory.", "Adair", "leaves"),
        ("Amsel was replaced by Ines Corday.", "Ines Corday", "takes"),
        ("Amsel was replaced by Ines Corday.", "Amsel", "leaves"),
        ("Nora Sillitoe, who ran the company until last autumn, sent nothing.", "Nora Sillitoe", "leaves"),
        ("Lena Voss, the finance director, will take over on 1 May.", "Lena Voss", "takes"),
        ("Mayor Ida Cole opened the depot.", "Ida Cole", None),
        ("Mayor Ida Cole opened the depot.", "Jon Tarr", None),
    ],
)
def test_who_takes_an_office_and_who_leaves_it(sentence: str, name: str, stands: str | None) -> None:
    assert stands_in_office(sentence, name) == stands


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("The bridge reopened on Monday.", 0),
        ("The bridge has been shut since March.", 1),
        ("The bridge is not open yet.", 1),
        ("Police closed both ramps.", 1),
    ],
)
def test_states(sentence: str, side: int) -> None:
    rows = states_asked("Is the bridge still closed?")
    assert [one.side for one in states_in(sentence, rows)] == [side]


@pytest.mark.parametrize(
    ("sentence", "value", "who"),
    [
        ("The land workers’ union holds to 46, the growers to 31.", "46", "The land workers’ union"),
        ("The land workers’ union holds to 46, the growers to 31.", "31", "the growers"),
        ("Crane puts the damage at 2.4 million a day; Petra Sandoval, an economist, at 1.5.", "1.5", "Petra Sandoval"),
        ("The firm counted 1,480 absentees; the union says 1,620 are out.", "1,620", "the union"),
        ("It would cost 3.1 million according to the union.", "3.1", "the union"),
        ("A wall fell and 14 people were hurt.", "14", None),
        ("According to the organisers, 8,000 people marched.", "8,000", "the organisers"),
        ("The march drew 8,000 people, or 3,500 if one asks the police.", "8,000", None),
        ("The march drew 8,000 people, or 3,500 if one asks the police.", "3,500", "the police"),
        ("By Tuesday evening the vet, Greta Holm, had found 410 birds.", "410", "the vet"),
        ("Leo Tann, the director, stands by 142 million.", "142 million", "Leo Tann"),
        ("Fourteen, says the union, which asked every hut.", "Fourteen", "the union"),
        ("Not so, says the bar: 58.", "58", "the bar"),
        ("The union scoffs: “Thirty-nine, and we can name them.”", "Thirty-nine", "The union"),
        ("By the League's tally it was 151.", "151", "the League"),
        ("The county's figure for guests is 14.", "14", "The county"),
        ("The clerk makes it 9,020.", "9,020", "The clerk"),
        ("Three thousand, said the council, which has 9,300 islanders.", "9,300", None),
        ("Annual savings are put at 225 million.", "225 million", None),
        ("The hospital stopped admitting patients after 14 fell ill.", "14", None),
    ],
)
def test_whose_figure_it_is(sentence: str, value: str, who: str | None) -> None:
    start = sentence.index(value)
    assert whose_figure(sentence, start, start + len(value)) == who


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("A ride costs 2.60 crowns, down from 2.80.", "older"),
        ("The tribunal cut the fine from 900 to 600 crowns.", "newer"),
        ("It has 20 beds and 31 pumps.", None),
        ("Nineteen people worked there in spring, and there are now twelve.", "newer"),
        ("It now employs 40 nurses and twelve doctors.", None),
        ("Some 40 people fled, and the number of homes burnt is now 12.", None),
        ("Vale have scored 40 goals, and their lead is now nine.", None),
    ],
)
def test_a_sentence_may_say_which_of_two_values_is_newer(sentence: str, order: str | None) -> None:
    first, second = (q.number for q in find_quantities(sentence))
    assert succession(sentence, (first.start, first.end), (second.start, second.end)) == order


def test_values_of_before_and_values_that_are_only_asked_for() -> None:
    assert recalls("Initially 14 people were missing.", 10)
    assert not recalls("Now 14 people are missing.", 4)
    assert wished("She wants it cut to 2.60 crowns.", 20)
    assert not wished("It was cut to 2.60 crowns.", 14)


@pytest.mark.parametrize(
    ("sentence", "value", "alone"),
    [
        ("The union says 46.", "46", True),
        ("The union says it’s at least 46.", "46", True),
        ("The union says that it has 46.", "46", False),
        ("The county's figure for guests is 46.", "46", True),
        ("Sixty, says the director, who has counted them.", "Sixty", True),
        ("Sixty, says the director, are free.", "Sixty", False),
        ("Turnout was 88, according to the union.", "88", False),
        ("It costs 5 million according to the firm, 3.1 million according to the union.", "3.1 million", True),
    ],
)
def test_whether_somebody_gives_a_figure_alone(sentence: str, value: str, alone: bool) -> None:
    start = sentence.index(value)
    found = giver(sentence, start, start + len(value))
    assert found
    assert found.alone is alone


@pytest.mark.parametrize(
    ("sentence", "who", "about", "inner"),
    [
        ("The police put the crowd at 300.", "The police", "the crowd", False),
        ("The ministry says the tunnel cost 300.", "The ministry", "tunnel cost", True),
        ("The ministry says it was 300.", "The ministry", "", False),
        ("The widow says his timesheets show 300.", "The widow", "", False),
    ],
)
def test_what_a_figure_is_given_for(sentence: str, who: str, about: str, inner: bool) -> None:
    start = sentence.index("300")
    found = giver(sentence, start, start + 3)
    assert found
    assert (found.who, found.about, found.inner) == (who, about, inner)


@pytest.mark.parametrize("sentence", ["Wages, says the union, cost 12.", "In the north, the union said, it was 12."])
def test_what_is_told_of_is_not_who_tells(sentence: str) -> None:
    start = sentence.index("12")
    assert whose_figure(sentence, start, start + 2) is None


def test_a_verb_that_gives_figures_and_one_that_may_do_something_else() -> None:
    assert [giver(f"The clinic {verb} 12.", 16, 18).firm for verb in ("counts", "heard")] == [True, False]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sentence", "times"),
    [
        ("In October it was 51 percent.", {"in october"}),
        ("A year ago it was 85.", {"a year ago"}),
        ("It was 85.", set()),
    ],
)
def test_the_times_with_which_a_sentence_begins(sentence: str, times: set[str]) -> None:
    assert opening_times(sentence) == times


@pytest.mark.parametrize(
    ("sentence", "real"),
    [
        ("The union says 46.", True),
        ("Not so, says the union: 46, and the firm should know.", True),
        ("The strike of May 10 closed 46 branches.", True),
        ("The union does not say 46.", False),
        ("The union wants 46.", False),
        ("A year ago it was 46, says the union.", False),
        ("Nobody knows whether it is 46.", False),
    ],
)
def test_a_value_may_be_told_as_one_that_is_not(sentence: str, real: bool) -> None:
    assert is_real(sentence, sentence.index("46")) is real


def test_a_figure_that_might_be_is_no_real_one_if_the_modals_are_named() -> None:
    assert is_real("Analysts say 46 would be right.", 13)
    assert not is_real("Analysts say 46 would be right.", 13, MODALS)


@pytest.mark.parametrize(
    ("sentence", "tail"),
    [
        ("The union says 46 are out, and more may come.", "are out"),
        ("The union says 46.", ""),
        ("The union says 46 at least.", ""),
        ("The union says 46 among the drivers.", ""),
    ],
)
def test_what_a_clause_says_behind_its_figure(sentence: str, tail: str) -> None:
    assert tail_of_figure(sentence, sentence.index("46") + 2) == tail


def test_a_figure_may_be_the_whole_of_which_another_one_is_a_part() -> None:
    sentence = "Nine of the 34 staff go."
    assert is_whole(sentence, sentence.index("34"))
    assert not is_whole("He admitted to a bill of 181 million.", 25)


def test_the_month_of_may_is_no_forecast() -> None:
    assert not what("The storm of last May hurt 46 people.").forecast  # type: ignore[attr-defined]
    assert what("The storm may hurt 46 people.").forecast  # type: ignore[attr-defined]


def test_words_that_tell_of_a_change() -> None:
    assert tells_of_change("The fare has risen to 5 crowns.")
    assert not tells_of_change("The fare is 5 crowns.")


@pytest.mark.parametrize(
    ("sentence", "two"),
    [
        ("The march drew 8,000 people, or 3,500 if one asks the police.", True),
        ("The march drew 8,000 people, 3,500 according to the police.", True),
        ("Of 12 patients, eight were stable, three had improved, according to the hospital.", False),
        ("It has 20 beds and 31 pumps.", False),
    ],
)
def test_a_second_figure_may_take_the_place_of_the_first(sentence: str, two: bool) -> None:
    one, other = [q.number for q in find_quantities(sentence) if q.number.value > 1][-2:]
    assert gives_two(sentence, (one.start, one.end), (other.start, other.end)) == two


def test_from_tells_of_an_older_figure_but_not_of_whoever_was_heard_from() -> None:
    assert what("It rose from 41 to 50.").old  # type: ignore[attr-defined]
    assert what("The clinic has shrunk from 41 beds.").old  # type: ignore[attr-defined]
    assert not what("The charity has heard from 41 people who hope to be paid.").old  # type: ignore[attr-defined]


def test_a_number_makes_no_other_kind_of_thing() -> None:
    assert noun_modifiers("Forty-six pickers and two rye loaves") == [("loav", "rye")]


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many ballots were lost?", "ballots"),
        ("How many fruit pickers fell ill?", "pickers"),
        ("How many dead birds were found?", "birds"),
        ("How many people were hurt?", ""),
        ("How many sheep did farmers lose?", "sheep"),
        ("How many sheep across Wales died?", "sheep"),
        ("How many staff was the firm to hire?", "staff"),
    ],
)
def test_the_noun_that_a_question_counts(question: str, noun: str) -> None:
    assert counted_in(question) == noun


def test_where_somebody_works_is_not_what_a_sentence_is_about() -> None:
    assert leading_names("Orsund has 31,000 inhabitants.") == ["Orsund"]
    assert leading_names("On Monday, the toll in Orsund rose to 31.") == ["Orsund"]
    assert leading_names("Ada Holm, an economist at Vale University, gets to 19 million.") == []
