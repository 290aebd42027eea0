"""Shapes of reports that are easily missed, or given to somebody else: each a row, with whoever speaks in it."""

from __future__ import annotations

import pytest

from qa.english.sentences import split
from qa.english.speech import utterances


def speakers(text: str) -> set[str]:
    return {u.speaker for u in utterances(text, split(text, "a")) if u.speaker}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The ministry said the road would reopen.", "ministry"),
        ("The BBC reported that the bridge had closed.", "BBC"),
        ("Police said two men had been held.", "Police"),
        ("Sarn Radio reported the dam had burst.", "Sarn Radio"),
        ("The council's press office confirmed that the hall was sold.", "council's press office"),
        ("Karrow Airlines announced that it would stop the route.", "Karrow Airlines"),
        ("The World Rivers Fund warned that the lake was drying.", "World Rivers Fund"),
        ("As of Monday, Coast Wire reported there were forty cases.", "Coast Wire"),
        ("Officials estimated the herd may have starved for weeks.", "Officials"),
        ("According to harbour officials, the boat was found on Monday.", "harbour officials"),
        ("Initial reports stated the fruit was a melon.", "Initial reports"),
        ("Forest officials suggested the animal may have strayed.", "Forest officials"),
        ("The Tax Office told Coast Wire that no refund was due.", "Tax Office"),
        ("In a statement, the hospital said all patients were safe.", "hospital"),
        ("“We regret the delay,” the airline wrote on its page.", "airline"),
        ("The council announced it would sell the mill.", "council"),
        ("According to two sources, the mill is for sale.", "two sources"),
    ],
)
def test_a_body_speaks_by_the_words_of_the_article(text: str, speaker: str) -> None:
    assert speakers(text) == {speaker}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The claim by Mara Orr that the dam was safe angered farmers.", "Mara Orr"),
        ("Mara Orr's statement that the dam was safe angered farmers.", "Mara Orr"),
        ("According to a report by Hester Vale, the roof leaks.", "Hester Vale"),
        ("According to a report by the Tax Office, refunds fell.", "Tax Office"),
        ("Eels are back, according to a study by Dunmere University.", "Dunmere University"),
        ("The ministry's warning that wells would run dry came too late.", "ministry"),
        ("A statement from the Harbour Board that berths were full surprised crews.", "Harbour Board"),
        ("The court heard an allegation by Peter Lund that the ledger was forged.", "Peter Lund"),
        ("She rejected Peter Lund's accusation that the ledger was forged.", "Peter Lund"),
        ("Peter Lund repeated his promise that nobody would lose a job.", "Peter Lund"),
        ("Hester Vale repeated a promise that jobs were safe.", "Hester Vale"),
        ("Hester Vale expressed her fear that the roof would fall.", "Hester Vale"),
        ("He denied a claim by the union that wages were cut.", "union"),
        ("Ada Holm dismissed the union's complaint that wages were cut.", "union"),
        ("The inquest heard testimony by Dr Piet Haan that the valve was shut.", "Piet Haan"),
        ("Readers laughed at Hester Vale's prediction that the bridge would sink.", "Hester Vale"),
    ],
)
def test_a_noun_reports_for_whoever_it_belongs_to(text: str, speaker: str) -> None:
    assert speakers(text) == {speaker}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("She rejected Peter Lund's claim that the ledger was forged, and left.", "the ledger was forged"),
        ("Peter Lund's claim that the ledger was forged angered crews.", "the ledger was forged"),
    ],
)
def test_the_clause_of_a_noun_ends_where_the_sentence_goes_on(text: str, said: str) -> None:
    assert [text[u.start : u.end] for u in utterances(text, split(text, "a"))] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "The claim that the mayor took money has never been proved.",
        "Rumours that the mill would close spread on Monday.",
        "The belief that the well is haunted is old.",
        "There was no claim by Peter Lund that the ledger was forged.",
        "Peter Lund never made a promise that jobs were safe.",
        "His fear that the well is haunted kept the boy awake.",
        "Peter Lund's claim that the roof leaked was read out and was then forgotten.",  # which verb ends the clause?
        "According to plans, the mill will be sold.",
        "Ada Holm recommended a plan that the mill would hate.",
        "Ada Holm confirmed the deal the union had asked for.",
        "Ada Holm expressed her view of the harbour.",
        "Ada Holm spoke of the harbour.",
        "Peter Lund claimed the prize.",
        "Lise and Ned's mother, Oda, wept in court and said she believed he was innocent. Lise Tarn was there.",
        "At the trial the clerk read the charge by the state and said it was grave.",
    ],
)
def test_nobody_speaks_where_nothing_tells_who(text: str) -> None:
    assert speakers(text) == set()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The wind was harsh according to Dunmere assistant coach Ben Rade.", "Ben Rade"),
        ("“She was the best,” said University of Dunmere, Varn's chancellor, Piet Hosla.", "Piet Hosla"),
        ("In a video message sent to members, Ada Holm praised Mara Orr and said she was “proud”.", "Ada Holm"),
        ("Ada Holm praised Mara Orr for her grace and said the vote was over.", "Ada Holm"),
        ("Holm praised Orr's offer on her page, stating she was “proud of it”. Ada Holm stood down.", "Ada Holm"),
        ("After the vote, Peter Bell spoke at a club in Varn, D.C. saying, “It is not over.”", "Peter Bell"),
        ("Bell has yet to concede, saying before the vote, “I won this!” Peter Bell lost.", "Peter Bell"),
        ("Later the agency also called Varn for Bell. Peter Bell said in a statement, “I won.”", "Peter Bell"),
        ("Ada Holm talked of Orr's “many finds” and “her grasp of numbers.”", "Ada Holm"),
        ("Ada Holm expressed a wish to “build a town for all”.", "Ada Holm"),
        ("Mara Orr announced yesterday she was backing the mayor.", "Mara Orr"),
        ("Mara Orr claimed to have bought the boat with stolen money.", "Mara Orr"),
        ("Ada Holm hinted the mill might be sold.", "Ada Holm"),
        ("The parents tried to free him by saying they forgave him.", "parents"),
        ("In a talk with the Herald, Mara Orr said as a child she was sent away.", "Mara Orr"),
        ("Peter Holm went on to say he was not fining them because they had “owned up early”.", "Peter Holm"),
        ("Mara Orr even went so far as to say, “I am glad of it.”", "Mara Orr"),
        ("The boat left, with a guard at the gate saying the road was shut.", "guard at the gate"),
        ("The mayor left early, one of the coaches, Simon Carr, told The Karrow Women's Weekly.", "Simon Carr"),
        ("‘It is about my team’, smiled Peter Bell in the end.", "Peter Bell"),
        ("“We knew,” Peter Bell said according to the complaint.", "Peter Bell"),
        ("However, Peter Bell said: “It is over.”", "Peter Bell"),
        (
            "Governors at Varn School, which was founded in 1847, said the number on the roll would reach 16.",
            "Governors at Varn School",
        ),
        ("When Secretary of State Peter Bell was asked about it, the top diplomat responded: “No.”", "Peter Bell"),
        ("On Friday, ministry spokeswoman Ada Holm went further, rejecting “any” deal.", "Ada Holm"),
        ("Professor Ada Holm, president of the Rivers Association of Varn said it was late.", "Ada Holm"),
        ("“It is a map,” Mara Orr, a doctor in Santa Mira, Varnia, told The Wall Post.", "Mara Orr"),
        ("The cats were seized in September, The Advertiser reports.", "Advertiser"),
        ("Sales are expected to fall, the Herald reports, since only two were shown.", "Herald"),
    ],
)
def test_the_one_who_speaks_is_found_behind_other_words(text: str, speaker: str) -> None:
    assert speakers(text) == {speaker}


def test_a_speech_whose_paragraphs_were_joined_is_of_whoever_speaks_once() -> None:
    text = "'It rained,' Ada Holm said. 'We waited. 'The miners' boat was late. 'Nobody came.' Peter Bell left."
    said = {text[u.start : u.end]: u.speaker for u in utterances(text, split(text, "a"))}
    assert said == dict.fromkeys(["It rained,", "We waited.", "The miners' boat was late.", "Nobody came."], "Ada Holm")


def test_a_speech_that_names_its_speaker_at_its_end_is_theirs_from_its_beginning() -> None:
    text = "“It rained.\n\n“We waited. Nobody came,” said Ada Holm."
    said = {text[u.start : u.end]: u.speaker for u in utterances(text, split(text, "a"))}
    assert said == dict.fromkeys(["It rained.", "We waited.", "Nobody came,"], "Ada Holm")


def test_a_pronoun_may_be_whoever_is_called_by_a_surname() -> None:
    text = "Jorin Manu lost to Peter Bell. Manu wants to fight again. “I am ready,” he said."
    (said,) = utterances(text, split(text, "a"))
    assert said.speaker is None
    assert "Jorin Manu" in said.candidates


def test_a_wife_in_a_list_tells_nothing_of_the_one_before_her() -> None:
    text = "Scott Vane, his wife Mayo and their son flew home. Mayo Vane wept. Mr Vane said: “It was late.”"
    assert speakers(text) == {"Scott Vane"}


def test_a_quotation_is_whose_tag_stands_behind_it_not_of_the_body_before() -> None:
    text = "The board noted the need to act: “All towns can save water,” said Ada Holm, the head of the board."
    direct = [u for u in utterances(text, split(text, "a")) if u.attribution == "direct"]
    assert [u.speaker for u in direct] == ["Ada Holm"]


INTRODUCTION = "Odile Trent, the mayor, sat down with the Courier on Monday."
ASKED = ("Why did you sell the hall?", "Who bought it?", "Will it be knocked down?")
ANSWERED = ("We could not heat it.", "A firm from Varn. I met them twice.", "No. It is listed.")


def interview(introduction: str, asked: tuple[str, ...], answered: tuple[str, ...]) -> set[str]:
    turns = [words for pair in zip(asked, answered, strict=True) for words in pair]
    return speakers("\n\n".join((introduction, *turns)))


@pytest.mark.parametrize(
    "introduction", [INTRODUCTION, "We spoke to Odile Trent, who is the mayor.", "The Courier interviewed Odile Trent."]
)
@pytest.mark.parametrize("marks", ["{}", "**{}**", "*{}*", "_{}_"])
def test_an_interview_without_labels_is_told_by_its_paragraphs(introduction: str, marks: str) -> None:
    asked = tuple(marks.format(question) for question in ASKED)
    assert interview(introduction, asked, ANSWERED) == {"Odile Trent", "interviewer"}


def test_a_paragraph_that_names_the_guest_is_the_narrators() -> None:
    answered = (*ANSWERED[:2], "Trent laughs. I see her shake her head.")
    text = "\n\n".join((INTRODUCTION, *(words for pair in zip(ASKED, answered, strict=True) for words in pair)))
    assert not [u for u in utterances(text, split(text, "a")) if "laughs" in text[u.start : u.end]]


@pytest.mark.parametrize(
    ("introduction", "answered"),
    [
        ("Odile Trent, the mayor, faces a vote.", ANSWERED),  # nobody is asked
        ("Odile Trent and Piet Haan spoke to the Courier.", ANSWERED),  # which of the two?
        (INTRODUCTION, ("The hall was sold.", "A firm from Varn.", "It is listed.")),  # an explainer
    ],
)
def test_questions_in_an_article_are_no_interview_without_a_guest(introduction: str, answered: tuple[str, ...]) -> None:
    assert interview(introduction, ASKED, answered) == set()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The death was caused by a stroke, according to the pathologist, Dr. Emil Sandor.", "Emil Sandor"),
        ("The pump failed at noon, according to the plant's engineer, Mara Orr.", "Mara Orr"),
        ("Yet according to the police, Peter Lund, a welder, was asleep.", "police"),
        ("She is coach again, a post that according to the club's lawyer she never left.", "club's lawyer"),
        ("It was a debt that according to the treasurer the club never paid.", "treasurer"),
        (
            "Nurses in two of the city's five hospitals said they had no gloves.",
            "Nurses in two of the city's five hospitals",
        ),
        ("Two of the council's nine members said the plan was dead.", "Two of the council's nine members"),
        ("The city's three hospitals said they were full.", "city's three hospitals"),
        ("Officials say the bridge will close.", "Officials"),
        ("But Republicans say the plan is dead.", "Republicans"),
        ("Union officials say privately that they expect it to fail.", "Union officials"),
        ("Sheffield doctors warn that the ward is full.", "Sheffield doctors"),
        ("Orr's brothers say that he left.", "Orr's brothers"),
    ],
)
def test_who_speaks_is_the_whole_phrase_and_no_more(text: str, speaker: str) -> None:
    assert speakers(text) == {speaker}


@pytest.mark.parametrize(
    "text",
    [
        "Nobody heard James Holm say that the plan was dead.",
        "Did James say the plan was dead?",
        "When Greens say no, the bill falls.",
    ],
)
def test_nobody_speaks_where_nothing_is_reported(text: str) -> None:
    assert speakers(text) == set()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The dam, according to Mara Orr, broke at noon.", ["The dam", "broke at noon"]),
        ("The dam broke at noon, according to Mara Orr.", ["The dam broke at noon"]),
        ("The dam broke and, according to Mara Orr, nobody was warned.", ["nobody was warned"]),
        ("After the storm, according to Mara Orr, the boats were old.", ["the boats were old"]),
        ("The mill, which according to Mara Orr was sold in May, is shut.", ["was sold in May"]),
        ("Yet according to Mara Orr, nobody was warned.", ["nobody was warned"]),
        ("Sleep was a part of that according to Mara Orr.", ["Sleep was a part of that"]),
    ],
)
def test_what_is_reported_according_to_somebody_is_their_clause(text: str, clauses: list[str]) -> None:
    found = utterances(text, split(text, "a"))
    assert [text[u.start : u.end] for u in found] == clauses
    assert {u.speaker for u in found} == {"Mara Orr"}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Officials in Varn said the bridge was shut.", "Officials in Varn"),
        ("Officials in the United States said the bridge was shut.", "Officials in the United States"),
        ("Police in Varn and Karrow said the bridge was shut.", "Police in Varn and Karrow"),
        ("Doctors treating the boy said he would live.", "Doctors treating the boy"),
        ("Senators opposing the plan said it would fail.", "Senators opposing the plan"),
        ("The men who sold the boats said the river had risen.", "men"),
        ("Terri Hale who sponsored the bill remarked the bill was weak.", "Terri Hale"),
        ("The company that owns the mill said it would close.", "company"),
        (
            "A source within the central Interior Ministry said the toll was higher.",
            "source within the central Interior Ministry",
        ),
        ("Biologist Ryan Holt of the University of Varn in Ontario said the moths were back.", "Ryan Holt"),
        ("Dr. Steven Wolf at Saint Mark said four were hurt.", "Steven Wolf"),
        ("Peter Orr of worldwide victim group Ending Abuse said the law had failed.", "Peter Orr"),
        ("Ambassador to Norway Mara Orr said the treaty would hold.", "Ambassador to Norway Mara Orr"),
        ("Department of Transportation official Troy Hale said the road was straight.", "Troy Hale"),
        ("The minister spoke in Varn and the president said the bridge was shut.", "president"),
        ("The Tax Office and the Harbour Board said they knew.", "Tax Office and the Harbour Board"),
        ("The minister and the mayor said they knew.", "minister and the mayor"),
        ("Trade and industry commissioner Albert Munro said the road was open.", "Albert Munro"),
        ("A tweet sent from Orr's account during the debate repeated it, saying “We will win.”", "tweet"),
        ("The family said they planned a small service.", "family"),
        ("Organizers of the rally said they were tired.", "Organizers of the rally"),
        ("“It is wrong”, said Sabrina Bell of Writers Without Walls.", "Sabrina Bell"),
        ("Police said over a hundred people came.", "Police"),
        ("The boats were old, according to authorities.", "authorities"),
        ("Hilary Holm said she's trying to leave.", "Hilary Holm"),
        ("The state pays the tab, which is large, said ministry spokesman Piet Vance.", "Piet Vance"),
        ("David Marsh, an archaeologist and historian at the University of Varn said it was rare.", "David Marsh"),
        ("A hospital official told Coast News, a local outlet, that one of the dead was a guard.", "hospital official"),
        ("Commissioner Albert Munro announced Benin was to join.", "Albert Munro"),
        ("The Secret Service confirmed a single male was taken to hospital.", "Secret Service"),
        (
            "The secretary of the union (National Union of Rail, Sea and Road Workers), Mick Hart, said it was bad.",
            "Mick Hart",
        ),
    ],
)
def test_what_hangs_on_a_speaker_does_not_speak(text: str, speaker: str) -> None:
    assert speakers(text) == {speaker}


@pytest.mark.parametrize(
    "text",
    [
        "Not everyone agreed there should be another vote.",
        "Ohio was one of six states that had decided to wait.",
        "The mass of warm water, called a plume, was large enough to see.",
        "Her name was shortened after a song called “Day after Day” in May.",
        "The man who announced the deal was dismissed.",
        "Ada Holm confirmed the man she was seen with.",
        "They kept their title hopes alive in May.",
        "She was sued by a woman claiming to be her childhood friend, who said it hurt.",
        "The last in a field due to play in the Masters next week told the Post of his joy.",
        "He read the annual reports of the board.",
        "He read the annual reports.",
        "Bell reported the incident to the police and was suspended on Monday.",
        "Previous satellite images revealed that the strip was longer.",
    ],
)
def test_words_that_look_like_speech_are_nobodys(text: str) -> None:
    assert speakers(text) == set()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The First Minister of Karrow said the roof leaked.", "First Minister of Karrow"),
        ("The President of South Karrow said the dam held.", "President of South Karrow"),
        ("The Foreign Minister of Karrow, Jon Arne, said the talks were over.", "Jon Arne"),
        ("Another spokesman, Omar Vell, said “I can confirm that.”", "Omar Vell"),
        ("Karrow Labour's Emrys Moss, the First Minister of Karrow said, “We will rebuild.”", "Emrys Moss"),
        ("Judith Orr, editor of the weekly newspaper Coast Worker said, “We are glad.”", "Judith Orr"),
        ("Late Sunday, the Harbour Board sent crews a note and stated that it was “too late”.", "Harbour Board"),
        ("Police in Varn today said two boats had gone.", "Police in Varn"),
        ("According to Karrow health ministry planning division head Berta Moll, the ash is harmless.", "Berta Moll"),
        ("Four people fell, according to Hexley police.", "Hexley police"),
        ("Ada Holm from the Harbour Party said the deal “cannot be justified”.", "Ada Holm"),
        ("In what an officer described as “one of the largest”, Varn Police seized six boxes.", "officer"),
        ("After the result was announced, Peter Bell said: “I want to thank you.”", "Peter Bell"),
        ("The Karrow Embassy in Varn stated, “The harbour was told at once.”", "Karrow Embassy"),
        ("The museum reported Bell's adviser Joan Hind had said in a call with it, “I shall ask.”", "Joan Hind"),
    ],
)
def test_the_words_in_marks_or_the_clause_are_of_whoever_is_named_for_them(text: str, speaker: str) -> None:
    assert speaker in speakers(text)
    assert not speakers(text) & {"Karrow", "South Karrow", "Varn", "Hexley", "Late Sunday", "Embassy"}


@pytest.mark.parametrize(
    ("text", "pronoun", "speaker"),
    [
        (
            "Philip Hale, the minister, confirmed the mast would not rise, but he noted it was safe.",
            "he",
            "Philip Hale",
        ),
        ("Peter Bell won. Mr Justice Royle said it was “a ruin”. He also said: “It was old.”", "He", "Royle"),
        ("Jon Moss left. The President said it was dry. He said the wells were shut.", "He", "President"),
        (
            "The Karrow Navy said one ship ran aground. They also said in a note, “The crew is safe.”",
            "They",
            "Karrow Navy",
        ),
        ("Ada Holm left. Peter Bell said it was late. She said the road was shut.", "She", None),
        ("Peter Bell left. Philip Hale said Tom Bray was late, but he noted it was safe.", "he", None),
        ("The Harbour Board closed. The Tax Office was asked to help, it said in a note.", "it", None),
        ("“I am glad,” he said of Stephen's boat. Later Stephen Farr and Simon Cole helped.", "he", None),
        (
            "The Eastfold Baptist Church blamed a rival. When Phelps was asked shortly after, she denied it was hers.",
            "she",
            None,
        ),
        (
            "Peter Quist was hurt. President Jacob Orr, the head of state, made an “appeal to all,” he said.",
            "he",
            None,
        ),
    ],
)
def test_a_pronoun_is_nobody_unless_one_reading_is_left(text: str, pronoun: str, speaker: str | None) -> None:
    assert {u.speaker for u in utterances(text, split(text, "a")) if u.words == pronoun} == {speaker}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("On the sale of the dock, Peter Bell remarked, “We had to.”", ["We had to."]),
        ("As a measure for the mill, Peter Bell announced that rents would fall.", ["rents would fall"]),
        ("In his book Peter Bell wrote “The Long Tide” in May.", []),
        ("Peter Bell told crews to “leave it there” on Friday.", ["leave it there"]),
        ("A spokesman for Ada Holm indicated, according to Coast Wire, the deal was dead.", None),
        ("Prices vary according to the class of the boat and its age.", []),
    ],
)
def test_what_frames_a_speech_is_no_part_of_it(text: str, said: list[str] | None) -> None:
    found = [text[u.start : u.end] for u in utterances(text, split(text, "a")) if u.speaker]
    assert found == said if said is not None else not any("spokesman" in words for words in found)


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [
        ("As Bell told The Varn Post, ozone has dropped.", "Bell", "ozone has dropped"),
        (
            "As described by Varn researchers, the sheet has five layers.",
            "Varn researchers",
            "the sheet has five layers",
        ),
        ("Coast Wire quoted a prison source as saying most were old.", "prison source", "most were old"),
        ("The Varn Times reports the change will help.", "Varn Times", "the change will help"),
        ("The military say the boat lacked gear.", "military", "the boat lacked gear"),
        ("The lower court held that the measure was void.", "lower court", "the measure was void"),
        ("The agency has also warned all towns should prepare.", "agency", "all towns should prepare"),
        ("Bell told Coast News, years ago another whale was beached.", "Bell", "years ago another whale was beached"),
        ("Ada Holm looked back on the vote: “We had waited long enough.”", "Ada Holm", "We had waited long enough."),
    ],
)
def test_who_is_told_to_have_said_a_clause_in_other_shapes_says_it(text: str, speaker: str, said: str) -> None:
    found = [(u.speaker, text[u.start : u.end]) for u in utterances(text, split(text, "a")) if u.speaker]
    assert found == [(speaker, said)]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Holm read the note aloud: “You are late.”",
        "The old sign still hung on the gate: “No boats after dark.”",
        "The annual reports the board wrote were long.",
    ],
)
def test_words_that_somebody_only_meets_are_not_theirs(text: str) -> None:
    assert not speakers(text)


def test_a_quotation_goes_on_for_whoever_is_reported_right_before_it_in_the_paragraph() -> None:
    told = "Ada Holm told reporters that she was glad. “I have waited for years. It is done.”"
    assert speakers(told) == {"Ada Holm"}
    text = "Ada Holm told reporters that she was glad.\n\n“I have waited for years.”"
    assert [u.attribution for u in utterances(text, split(text, "a"))] == ["indirect"]
    both = "Ada Holm said it was late, and Peter Bell said it was not. “I have waited for years.”"
    assert not any(u.attribution == "direct" for u in utterances(both, split(both, "a")))
    closing = "Ada Holm said that it was late. “I have waited for years. It is done,” Peter Bell said."
    assert {u.speaker for u in utterances(closing, split(closing, "a")) if u.attribution == "direct"} == {"Peter Bell"}


def test_the_body_somebody_belongs_to_speaks_by_its_own_name_and_not_by_theirs() -> None:
    text = (
        "Detective Carl Rusk of Fold Vale Police's Force Unit was there. Fold Vale Police said the raid was over. "
        "“The boxes held foam,” the force said."
    )
    assert speakers(text) == {"Fold Vale Police", "force"}


def test_a_department_whose_name_begins_like_a_person_keeps_its_name() -> None:
    text = "The Virginia Department of Health closed the ward. “We are sorry,” the department said."
    assert speakers(text) == {"Virginia Department of Health"}
