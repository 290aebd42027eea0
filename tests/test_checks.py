"""Each check alone: what a claim may say of its sentence, and what it may not."""

from __future__ import annotations

from datetime import date

import pytest

from qa.articles.parse import parse_with
from qa.model import Article, DraftClaim, Passage, Sentence
from qa.verification.checks import content_policy as form
from qa.verification.checks import dates, numbers, polarity, roles, speakers
from qa.verification.checks import proper_names as names
from qa.verification.checks import quotations as quotes
from qa.verification.evidence import Evidence
from qa.verification.examine import Check
from qa.verification.findings import Finding


def findings(check: Check, about: Evidence) -> list[Finding]:
    return list(check(about))


def evidence(claim: str, *sentences: str, speaker: str | None = None, title: str = "Notes from the coast") -> Evidence:
    text = "\n".join(sentences)
    article = Article(id="a", version="v", title=title, source="Coast Wire", published=date(2026, 3, 5), text=text)
    passages, start = [], 0
    for i, sentence in enumerate(sentences):
        stored = Sentence(article_id="a", index=i, start=start, end=start + len(sentence), text=sentence)
        passages.append(Passage(label=f"S{i + 1}", article_id="a", sentence=stored, score=1.0))
        start += len(sentence) + 1
    labels = tuple(p.label for p in passages)
    parsed = parse_with(article, [p.sentence for p in passages])
    return Evidence(DraftClaim(text=claim, labels=labels, speaker=speaker), tuple(passages), (parsed,) * len(passages))


def table(*rows: tuple[str, str, bool]) -> pytest.MarkDecorator:
    """Rows of claim, sentence, and whether the check finds nothing."""
    return pytest.mark.parametrize(("claim", "sentence", "passes"), rows)


# -- numbers -----------------------------------------------------------------------------------------------------------


@table(
    ("31 thousand passengers crossed.", "Some 31,000 passengers crossed last year.", True),
    ("Thirty-one thousand crossed.", "31,000 crossed.", True),
    ("About 30,000 crossed.", "31,000 crossed.", False),
    ("The bill is 2.5 million crowns.", "The bill is 2,500,000 crowns.", True),
    ("The bill is 2.5 million marks.", "The bill is 2.5 million crowns.", False),
    ("The bill is $4m.", "The bill is 4 million dollars.", True),
    ("The bill is €4m.", "The bill is 4 million dollars.", False),
    ("Turnout was 12 percent.", "Turnout was 12%.", True),
    ("Turnout rose by 12 percentage points.", "Turnout rose by 12%.", False),
    ("The road is 12 km long.", "The road is 12 kilometres long.", True),
    ("The road is 12 miles long.", "The road is 12 kilometres long.", False),
    ("The strike lasted three days.", "The strike lasted three weeks.", False),
    ("The strike lasted 3 weeks.", "The strike lasted three weeks.", True),
    ("It begins at 6 p.m.", "It begins at 6 a.m.", False),
    ("It begins at 6 p.m.", "It begins at 6 p.m.", True),
    ("More than 200 people came.", "More than 200 people came.", True),
    ("Over 200 people came.", "More than 200 people came.", True),
    ("200 people came.", "More than 200 people came.", False),
    ("Fewer than 200 people came.", "More than 200 people came.", False),
    ("At least 200 people came.", "200 people came.", False),
    ("Nearly 200 people came.", "Almost 200 people came.", True),
    ("Up to 40 jobs go.", "At least 40 jobs go.", False),
    ("About 200 people came.", "Roughly 200 people came.", True),
    ("Four people died.", "Four people died and twelve were hurt.", True),
    ("Half of the houses burnt.", "Half of the houses burnt.", True),
    ("Half of the houses burnt.", "A third of the houses burnt.", False),
    ("Two-thirds of members agreed.", "Two thirds of members agreed.", True),
    ("The third vote failed.", "The second vote failed.", False),
    ("The second vote failed.", "The 2nd vote failed.", True),
    ("No one was hurt.", "Nobody was hurt.", True),
    ("One of them left.", "A guard left.", True),
    ("The 2026 budget has 3 parts.", "The 2026 budget has three parts.", True),
    ("A dozen boats sank.", "Twelve boats sank.", True),
    ("It rose from 3 to 5.", "It rose from 3 to 4.", False),
    # number words are read as whole numbers
    ("Twelve people died.", "Three hundred and twelve people died.", False),
    ("Three hundred and twelve people died.", "Twelve people died.", False),
    ("312 people died.", "Three hundred and twelve people died.", True),
    ("Three hundred and twelve people died.", "312 people died.", True),
    ("It cost 200 crowns.", "It cost one million two hundred thousand crowns.", False),
    ("It cost one million two hundred thousand crowns.", "It cost 200 crowns.", False),
    ("It cost 1.2m crowns.", "It cost one million two hundred thousand crowns.", True),
    ("A hundred people came.", "A thousand people came.", False),
    ("A thousand people came.", "A hundred people came.", False),
    ("A hundred people came.", "100 people came.", True),
    ("Half a million people fled.", "Half a billion people fled.", False),
    ("Half a billion people fled.", "Half a million people fled.", False),
    ("Half a million people fled.", "500,000 people fled.", True),
    ("Half of the people fled.", "Half a million people fled.", False),
    # kinds
    ("A third of the boats sank.", "One-third of the boats sank.", True),
    ("A third of the boats sank.", "33 per cent of the boats sank.", False),
    ("A third boat sank.", "A third of the boats sank.", False),
    ("One in five boats sank.", "A fifth of the boats sank.", True),
    ("The fourth season ended.", "Season 4 ended.", True),
    ("Dozens of boats sank.", "Dozens of boats sank.", True),
    ("A dozen boats sank.", "Dozens of boats sank.", False),
    ("Dozens of boats sank.", "A dozen boats sank.", False),
    ("Hundreds of boats sank.", "Several hundred boats sank.", True),
    ("Hundreds of boats sank.", "Thousands of boats sank.", False),
    ("Two hundred boats sank.", "Hundreds of boats sank.", False),
    # units
    ("It rose by two percentage points.", "It rose by two per cent.", False),
    ("It rose by 25 basis points.", "It rose by 25 percentage points.", False),
    ("Twelve workers left.", "Twelve per cent of the workers left.", False),
    ("The road is 12 km long.", "The road is 12 km² long.", False),
    ("It costs A$5m.", "It costs $5m.", False),
    # ranges and scores
    ("10 to 15 people came.", "Between 10 and 15 people came.", True),
    ("From 10 to 15 people came.", "10–15 people came.", True),
    ("Twelve people came.", "10 to 15 people came.", False),
    ("15 people came.", "10 to 15 people came.", False),
    ("10 to 15 people came.", "15 people came.", False),
    ("It rose to 5 per cent.", "It rose from 3 to 5 per cent.", True),
    ("Rovers won 3-1.", "Rovers won by 3 goals to 1.", True),
    ("Rovers won 3-1.", "Rovers won 3-2.", False),
    ("It passed by 52 votes to 48.", "It passed with 52 votes for and 48 against.", True),
    ("It got 52 votes.", "It passed by 52 votes to 48.", True),
    ("It got 50 votes.", "It passed by 52 votes to 48.", False),
    # labels
    ("It begins at half past nine.", "It begins at 9.30 a.m.", True),
    ("It begins at 18:00.", "It begins at 6 p.m.", True),
    ("It begins at nine.", "It begins at 9 a.m.", True),
    ("It begins at 9 p.m.", "It begins at 9 a.m.", False),
    ("Version 4.2.1 failed.", "Version 4.2.2 failed.", False),
    ("It was built in 1845.", "It was built in 1854.", False),
    ("It was built in 1845.", "The mill was the first of 1845.", True),
)
def test_numbers(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(numbers.check, evidence(claim, sentence))) == passes


def test_a_number_that_counts_something_else_is_a_fault() -> None:
    sentence = "Four miners died in the fire and twelve rescuers suffered burns."
    assert findings(numbers.check, evidence("Twelve miners died in the fire.", sentence))
    assert not findings(numbers.check, evidence("Twelve rescuers suffered burns.", sentence))


def test_a_number_may_stand_in_the_headline() -> None:
    assert not findings(
        numbers.check, evidence("Six sailings are cut.", "The line cuts sailings.", title="Six sailings cut")
    )


# -- dates -------------------------------------------------------------------------------------------------------------


@table(
    ("The vote is on Thursday.", "The vote is on Thursday.", True),
    ("The vote is on Friday.", "The vote is on Thursday.", False),
    ("The vote is on 12 March.", "The vote is on March 12.", True),
    ("The vote is on March 13.", "The vote is on March 12.", False),
    ("The vote is in March.", "The vote is on March 12.", True),
    ("The vote is in April.", "The vote is on March 12.", False),
    ("The vote is on 12 March 2026.", "The vote is on March 12.", True),  # the year of publication
    ("The vote is on 12 March 2025.", "The vote is on March 12.", False),
    ("Coast Wire wrote on 5 March 2026 that the line closes.", "The line closes.", True),
    ("The line closed on 6 March 2026.", "The line closed.", False),
    ("The plant opened in 1998.", "The plant, opened in 1998, is old.", True),
    ("The plant opened in 1999.", "The plant, opened in 1998, is old.", False),
    ("It fell last month.", "It fell last month.", True),
    ("It fell last week.", "It fell last month.", False),
    ("It fell in the 2018-19 season.", "It fell in the 2018–2019 season.", True),
    ("The house may march on.", "The house can march on.", True),
    ("It sails in the morning.", "It sails in the evening.", False),
    ("It sails on Tuesday.", "It sails on Tuesday evening.", True),
    ("It sailed overnight.", "It sailed on Tuesday.", False),
    ("It sails 2026-03-12.", "It sails on 12 March 2026.", True),
    ("It is shut until Oct. 31.", "It is shut until October 31.", True),
    ("It is shut until Oct. 30.", "It is shut until October 31.", False),
    ("It followed the March 12 elections.", "It followed the elections on 12 March.", True),
    ("It ran 10–13 March.", "It ran from March 10 to 13.", True),
    ("It ran 9–13 March.", "It ran from March 10 to 13.", False),
    ("It ran in October.", "It ran from October-December.", True),
    ("In 2019, it opened.", "It opened in 2019.", True),
    ("In 2018, it opened.", "It opened in 2019.", False),
    ("It opened in Mayfair.", "A Mayfair shop opened.", True),
    ("It was drawn by April Dunn.", "April Dunn drew it.", True),
    ("It sails at midday.", "It sails at noon.", True),
    ("It sailed last night.", "It sailed overnight.", True),
    ("It closes on Sunday, 2–4 March 2026.", "It closes from March 2 to 4.", False),
)
def test_dates(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(dates.check, evidence(claim, sentence))) == passes


# -- names -------------------------------------------------------------------------------------------------------------


@table(
    ("Quist left.", "Director Mara Quist left.", True),
    ("Director Quist left.", "Director Mara Quist left.", True),
    ("Mara Doorn left.", "Mara Quist and Piet Doorn left.", False),
    ("Piet Doorn left.", "Mara Quist and Piet Doorn left.", True),
    ("Quist left Salthouse.", "Mara Quist left.", False),
    ("Ukrainian troops left.", "Troops of Ukraine left.", True),
    ("The Coast Guard left.", "The coast guard left.", True),
    ("The S.C.O. left.", "Men of the S.C.O. left.", True),
    ("Quist left, Coast Wire reported.", "Mara Quist left.", True),
    ("Prime Minister Quist left.", "Prime Minister Mara Quist left.", True),
    ("Ines Okafor-Lind left.", "Ines Okafor-Lind, the governor, left.", True),
    ("Director Soren Quist left.", "Director Søren Quist left.", True),
    ("Director Søren Quist left.", "Director Soren Quist left.", True),
    ("Quist left Lodz.", "Quist left Łódź.", True),
    ("Quist lives in Beech Strasse.", "Quist lives in Beech Straße.", True),
    ("Zoë Ménard left.", "Zoe\u0308 Me\u0301nard left.", True),
    ("Zoe\u0308 Me\u0301nard left.", "Zoë Ménard left.", True),
    ("Quist met Mara Hallo\u00adran.", "Quist met Mara Halloran.", True),
    ("Quist left Łódź.", "Quist left Łomża.", False),
    ("Zoë Núñez left.", "Zoë Ménard and Luís Núñez left.", False),
)
def test_names(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(names.check, evidence(claim, sentence))) == passes


# -- quotations --------------------------------------------------------------------------------------------------------


@table(
    ("She said “we lose money”.", "“We lose money,” she said.", False),  # verbatim, capitals too
    ("She said “We lose money”.", "“We lose money,” she said.", True),
    ('She said "We lose money".', "“We lose money,” she said.", True),
    ("She said “We lose”.", "“We lose money,” she said.", True),
    ("She said “We lost money”.", "“We lose money,” she said.", False),
    ("She called it “a scandal”.", "She was angry.", False),
    ("She said it loses money.", "“We lose money,” she said.", True),
    ("She said “nous regrettons l’école”.", "“Oui, nous regrettons l'e\u0301cole,” she said.", True),
    ("She said “nous regrettons l'ecole”.", "“Oui, nous regrettons l’école,” she said.", False),
    ("She said “we lose mon\u00adey”.", "“Yes, we lose money,” she said.", True),
)
def test_quotations(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(quotes.check, evidence(claim, sentence))) == passes


# -- speakers ----------------------------------------------------------------------------------------------------------


@table(
    ("Quist said the boats are old.", "The boats are old, Mara Quist said.", True),
    ("Quist said the boats are old.", "According to Mara Quist, the boats are old.", True),
    ("According to Quist, the boats are old.", "“The boats are old,” said Mara Quist.", True),
    ("Doorn said the boats are old.", "Mara Quist told Piet Doorn that the boats are old.", False),
    ("Quist said the boats are old.", "The boats are old.", False),
    ("Quist announced cuts.", "The line of Mara Quist cuts sailings.", True),
    ("Quist said fares rise.", "Quist said fares rise, but Doorn said wages fall.", True),
    ("Doorn said fares rise.", "Quist said fares rise, but Doorn said wages fall.", False),
    ("Coast Wire said the boats are old.", "The boats are old.", True),
    ("The minister said fares rise.", "The minister said fares rise.", True),
    ("Ángel Núñez said fares rise.", "Fares rise, A\u0301ngel Nu\u0301n\u0303ez said.", True),
    ("Ángel Núñez said fares rise.", "Fares rise, Íñigo Ménard said.", False),
)
def test_speakers(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(speakers.check, evidence(claim, sentence))) == passes


def test_he_is_the_person_that_another_cited_sentence_names() -> None:
    first, second = "Mara Quist runs the line.", "She said the boats are old."
    assert not findings(speakers.check, evidence("Quist said the boats are old.", first, second))
    assert findings(speakers.check, evidence("Quist said the boats are old.", second))


def test_the_speaker_filled_in_is_held_to_the_sentence_and_dropped_where_nobody_speaks() -> None:
    said = "The boats are old, Mara Quist said."
    assert not findings(speakers.check, evidence("The boats are old.", said, speaker="Mara Quist"))
    assert findings(speakers.check, evidence("The boats are old.", said, speaker="Piet Doorn"))
    assert speakers.confirmed(evidence("The boats are old.", said, speaker="Mara Quist")) == "Mara Quist"
    assert speakers.confirmed(evidence("The boats are old.", "The boats are old.", speaker="Mara Quist")) is None


# -- negation ----------------------------------------------------------------------------------------------------------


@table(
    ("Doorn attended the meeting.", "Doorn did not attend the meeting.", False),
    ("Doorn did not attend the meeting.", "Doorn attended the meeting.", False),
    ("Doorn didn't attend the meeting.", "Doorn did not attend the meeting.", True),
    ("Doorn was absent from the meeting.", "Doorn did not attend the meeting.", True),
    ("Doorn did not sign the contract.", "Doorn refused to sign the contract.", True),
    ("Doorn signed the contract.", "Doorn refused to sign the contract.", False),
    ("Doorn said he had not taken bribes.", "Doorn denied taking bribes.", True),
    ("Doorn took bribes.", "Doorn denied taking bribes.", False),
    ("Police found weapons.", "Police found no weapons.", False),
    ("No weapons were found.", "Police found no weapons.", True),
    ("The pit closed.", "The pit never closed.", False),
    ("Workers were consulted.", "Workers were not consulted.", False),
    ("Not only boats sank.", "Boats sank.", True),
    ("The pit – never safe – closed.", "The pit - never safe - closed.", True),
    ("The pit closed.", "The pit – not the mine – closed.", True),
    ("The mayor ruled out a sale.", "The mayor ruled out a sale.", True),
)
def test_negation(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(polarity.negation, evidence(claim, sentence))) == passes


# -- modality ----------------------------------------------------------------------------------------------------------


@table(
    ("The council closed the bridge.", "The council may close the bridge.", False),
    ("The council could close the bridge.", "The council may close the bridge.", True),
    ("The council will close the bridge.", "The council may close the bridge.", False),
    ("The council intends to close the bridge.", "The council plans to close the bridge.", True),
    ("The council closed the bridge.", "The council plans to close the bridge.", False),
    ("The council accepted the offer.", "The council will study the offer.", False),
    ("The council closed the bridge.", "The council said it would consider closing the bridge.", False),
    ("The bridge may close.", "If the crack grows, the bridge will close.", True),
    ("The bridge closed.", "The bridge closed.", True),
    ("The bridge may close.", "The bridge closed.", False),
    ("The bridge will close.", "The bridge is to close.", True),
    ("He stole the money.", "He allegedly stole the money.", False),
    ("He is accused of stealing the money.", "He allegedly stole the money.", True),
    ("The union called for a strike.", "The union called for a strike.", True),
    ("The union began a strike.", "The union called for a strike.", False),
)
def test_modality(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(polarity.modality, evidence(claim, sentence))) == passes


# -- form --------------------------------------------------------------------------------------------------------------


@table(
    ("The line cuts six sailings.", "The line cuts six sailings.", True),
    ("“Visit the quay,” Quist told workers.", "“Visit the quay,” Quist told workers.", True),
    ("Visit the quay.", "Visit the quay.", False),
    ("Does the line cut sailings?", "Does the line cut sailings?", False),
    ("You should leave.", "You should leave.", False),
    ("See https://coast.example for more.", "See https://coast.example for more.", False),
    ("The line cuts `six` sailings.", "The line cuts `six` sailings.", False),
    ("The line cuts six sailings.\u200b", "The line cuts six sailings.\u200b", False),
    ("The line cuts six sailings.", "The line cuts six sailings. " * 500, False),
)
def test_form(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(form.check, evidence(claim, sentence))) == passes


# -- roles and scope ---------------------------------------------------------------------------------------------------


@table(
    ("Quist sued Doorn.", "Mara Quist sued Piet Doorn.", True),
    ("Doorn sued Quist.", "Mara Quist sued Piet Doorn.", False),
    ("Doorn was sued by Quist.", "Mara Quist sued Piet Doorn.", True),
    ("Quist was sued by Doorn.", "Mara Quist sued Piet Doorn.", False),
    ("Quist sued Doorn.", "Piet Doorn was sued by Mara Quist.", True),
    ("All boats sank.", "Some boats sank.", False),
    ("Every boat sank.", "All boats sank.", True),
    ("Some boats sank.", "Some boats sank.", True),
)
def test_roles(claim: str, sentence: str, passes: bool) -> None:
    assert (not findings(roles.check, evidence(claim, sentence))) == passes
