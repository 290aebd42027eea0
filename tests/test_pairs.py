"""Figures that an article sets side by side: those of two people, or a new one and the one before."""

from __future__ import annotations

from datetime import date

import pytest

from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.articles.parse import parse
from qa.changes.pairs import pairs_in
from qa.changes.standing import Statement


def disagreements(text: str) -> list[tuple[str, str]]:
    article = build(Extract(text, Facts(title="A dispute", published=date(2026, 3, 4))), key="a", origin="a.txt")
    pairs = pairs_in(parse(article))
    return [(figure(one), figure(other)) for one, other, kind in pairs if kind == "disagreement"]


def figure(statement: Statement) -> str:
    return statement.sentence.text[statement.given.start : statement.given.end]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The union counts 46 pickers.\n\nThe growers make it 31.", [("46", "31")]),
        ("Nine of the staff go, says the town hall. Fourteen, says the union.", [("Nine", "Fourteen")]),
        ("Six of the staff have gone. The union says eleven.", [("Six", "eleven")]),
        ("Tessing says 118 branches stayed shut. By the League's tally it was 151.", [("118", "151")]),
        ("We count 17 riders on the ground. The county's figure is 23.", [("17", "23")]),
        ("The mayor admitted to a bill of 181 million marks. The yard says 177.", [("181 million", "177")]),
        ("Lewin reckons that 30 tonnes a day leak out. Voss says twenty at most.", [("30", "twenty")]),
        ("The owner puts the spill at 130 tonnes. The group speaks of 400 tonnes.", [("130", "400")]),
        ("Nine of the 34 staff go. The union says fourteen.", [("Nine", "fourteen")]),
        ("The strike of May 10 kept 118 branches closed, Tessing says. The League says 151.", [("118", "151")]),
        ("Eight people died, officials say. Villagers say that 23 were killed.", [("Eight", "23")]),
        # Somebody counts something else, or the same.
        ("Of the members 81 percent voted yes. Turnout was 88 percent, according to the union.", []),
        ("The union counts 46 pickers. The growers count 12 lorries.", []),
        ("The hotel employs 205 people. The union says 160 of them have been laid off.", []),
        ("The bill is 181 million marks. The yard says 181.", []),
        ("The landlord puts the rent at 900 crowns. The tenant puts the damage at 450 crowns.", []),
        ("The bridge cost 12 million euros. The ministry says the tunnel came to 19 million.", []),
        ("The hospital has 200 beds. Sixty, says the director, are free.", []),
        ("The mine employs 900 people. The owner says 700 would keep their jobs.", []),
        ("The school has 300 pupils. St Mary's says it has 450.", []),
        # What is offered, wanted or denied, or was so once, contradicts nothing.
        ("The city offers 3 percent. The union says 7.", []),
        ("Nine people were hurt. The clinic does not say fourteen.", []),
        ("The dam is 60 percent full. A year ago, says the operator, it was 85.", []),
        ("Nine people were hurt. The union says there will be fourteen.", []),
        ("Unemployment is 4 percent, the ministry says. The bank sees 5 percent next year.", []),
        # What was last night was at that time, and of what would be there may be two opinions.
        ("The police say 14 people died last night. The hospital says 17.", [("14", "17")]),
        ("The bridge would cost 5 million, says the firm. The union says it would cost 3.", [("5 million", "3")]),
        # A bound is no other figure than one that lies within it.
        ("Fewer than 46 people came. The police say 30.", []),
        ("At least 46 people came. The police say 60.", []),
        ("At least 46 people came. The police say 30.", [("46", "30")]),
        # Whoever is older than that gives no figure, nor does a figure of before contradict.
        ("A player earns 46 crowns an hour. “Pure fiction,” said Petra Lind, 52.", []),
        ("Nine people were hurt. The police had earlier put it at fourteen.", []),
        ("Six of the staff have gone. The union says it is now eleven.", []),
    ],
)
def test_figures_that_contradict(text: str, pairs: list[tuple[str, str]]) -> None:
    assert disagreements(text) == pairs


def test_the_time_of_an_entry_is_no_figure() -> None:
    text = "13.10 The gate is shut.\n\n13.40 Lorries wait.\n\n14.00 Ships at anchor: 22, by the harbour office's list."
    assert disagreements(text) == []
