"""What articles say of mistakes: notes of corrections, clarifications and withdrawals, and corrections in a story."""

from __future__ import annotations

from datetime import date

import pytest
from growth import is_cheap
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.corrections import CorrectionNote, note_rows
from qa.english.document import Document

PUBLISHED = date(2026, 5, 6)  # a Wednesday

STORY = """A wooden stand collapsed at the Vale regatta on Saturday and 14 people were hurt, organisers said.

The stand was put up on Friday by the firm Halden. The regatta went on.

"""

# The words of a note, its kind, and for each point what was wrong and what is right, as they stand in the note.
Points = list[tuple[str, str]]
NOTES: list[tuple[str, str, Points]] = [
    # A label, and what it is not.
    ("Correction: It is 41, not 14.", "correction", [("14", "41")]),
    (
        "Correction: An earlier version of this article misstated the number of people hurt. It is 41, not 14.",
        "correction",
        [("14", "41")],
    ),
    (
        "Correction: An earlier version of this article misstated the number of people hurt. It is 41, not "
        "14. It also named the wrong firm; the stand was put up by Holten, not Halden.",
        "correction",
        [("14", "41"), ("Halden", "Holten")],
    ),
    (
        "Correction, 12 March: An earlier version of this article, which relied on a harbour statement of 3 "
        "March, gave the length of the crack as 38 centimetres. The harbour says two digits were transposed; "
        "the crack is 83 centimetres long.",
        "correction",
        [("38 centimetres", "83 centimetres")],
    ),
    ("CORRECTED: in paragraph 3, figure is 41 instead of 14.", "correction", [("14", "41")]),
    ("Correction (4 May 2026): The ferry left at 9:40, not 9:14.", "correction", [("9:14", "9:40")]),
    ("*Correction: The match was played on Sunday, not Saturday.*", "correction", [("Saturday", "Sunday")]),
    (
        "**Correction, 20 February:** An article published on 16 February said that 19 sheep had been "
        "infected and that three had died. The farm now puts the figures at 16 and two. The article also gave "
        "the number of pens as 212; it was 221.",
        "correction",
        [("19", "16"), ("three", "two"), ("212", "221")],
    ),
    (
        "Correction: Reports published on 15 April gave the share of votes for the lockout as 81.4%. The "
        "guild says the correct figure is 71.4%.",
        "correction",
        [("81.4%", "71.4%")],
    ),
    (
        "Correction: Reports on Friday and Saturday, including one in this newspaper, gave the fine imposed "
        "on Askey Rovers as 500,000 crowns. The league says the written ruling sets it at 50,000 crowns; Otto "
        "Brill, who read it out, misread the figure.",
        "correction",
        [("500,000 crowns", "50,000 crowns")],
    ),
    (
        "Correction: An article on 22 April said that 412 letters were missing. That was the number of "
        "letters delivered, of which 25 were never opened; the number lost was 387.",
        "correction",
        [("412", "387")],
    ),
    (
        "Correction: This article said at first that 16 faulty valves had been found. Sixteen is the number "
        "examined; six were faulty.",
        "correction",
        [("16", "six")],
    ),
    (
        "12:10 Correction: In our entry of 09:40 we said that 500 people had been told to stay indoors. The "
        "district office puts the number at 1,500.",
        "correction",
        [("500", "1,500")],
    ),
    (
        "Correction, March 26: An earlier version of this report gave the number of riders in February as "
        "15,900 a day. That was the figure for the busiest day of the month; the average was 14,900.",
        "correction",
        [("15,900", "14,900")],
    ),
    (
        "Corrected version: the company that built the stand is Holten, not Halden.",
        "correction",
        [("Halden", "Holten")],
    ),
    (
        "For the record: A story in the May 3 edition about the regatta said 14 people were hurt. The number was 41.",
        "correction",
        [("14", "41")],
    ),
    ("Erratum: for “14 hurt” read “41 hurt”.", "correction", [("14", "41")]),
    (
        "Corrections: An earlier version of this story incorrectly identified the harbour master as Owen "
        "Tarn. He is Owen Thorne.",
        "correction",
        [("Owen Tarn", "Owen Thorne")],
    ),
    # A heading of its own.
    (
        "Correction\n\nAn earlier version gave the cost as 2.4m crowns. It is 4.2m crowns.",
        "correction",
        [("2.4m crowns", "4.2m crowns")],
    ),
    # No label.
    (
        "This article was amended on 3 June 2025. An earlier version said that toll dodging had cost Vale "
        "Ferries 3.4 million crowns last year. The figure is 4.3 million.",
        "correction",
        [("3.4 million crowns", "4.3 million")],
    ),
    (
        "This article was amended on 12 May 2026. An earlier version said that 63.2% had voted for the plan; "
        "it was 62.3%.",
        "correction",
        [("63.2%", "62.3%")],
    ),
    (
        "This article was amended on 3 June 2025 to correct the name of the harbour master. He is Owen "
        "Thorne, not Owen Tarn.",
        "correction",
        [("Owen Tarn", "Owen Thorne")],
    ),
    (
        "An earlier version of this story misspelled the name of the firm that put up the stand. It is "
        "Holten, not Halden.",
        "correction",
        [("Halden", "Holten")],
    ),
    ("An earlier version misstated the number hurt as 14; it is 41.", "correction", [("14", "41")]),
    (
        "A previous version of this article wrongly said the stand had been put up by Halden. It was put up by Holten.",
        "correction",
        [("Halden", "Holten")],
    ),
    (
        "This story has been corrected to show that the stand was put up by Holten, not Halden.",
        "correction",
        [("Halden", "Holten")],
    ),
    ("This story has been corrected to say that 41 people were hurt, instead of 14.", "correction", [("14", "41")]),
    (
        "(This May 2 story corrects the number of people hurt to 41 from 14 in paragraph 1)",
        "correction",
        [("14", "41")],
    ),
    ("(Corrects number of hurt in paragraph 2 to 41, not 14.)", "correction", [("14", "41")]),
    (
        "Because of an editing error, an article on Monday about the regatta misstated the number of people "
        "hurt. It was 41, not 14.",
        "correction",
        [("14", "41")],
    ),
    (
        "Due to a transcription error, this report said the ferry carried 1,300 passengers. It carried 3,100.",
        "correction",
        [("1,300", "3,100")],
    ),
    ("The figure in the second paragraph was amended on 3 June 2025 to 41 from 14.", "correction", [("14", "41")]),
    (
        "We wrongly reported on Monday that the council had voted to close the baths. It voted to keep them open.",
        "correction",
        [("the council had voted to close the baths", "It voted to keep them open")],
    ),
    (
        "In a report of 4 May we wrote that 31 growers had signed the letter. In fact, 13 had signed it.",
        "correction",
        [("31", "13")],
    ),
    (
        "The recipe in our weekend magazine called for 2 kg of sugar. It should have been 200 grams.",
        "correction",
        [("2 kg", "200 grams")],
    ),
    (
        "A table on 4 May gave the price of a litre of milk in Askey as 1.90 crowns. It is 1.09.",
        "correction",
        [("1.90 crowns", "1.09")],
    ),
    (
        "A caption on 4 May named the man with the cup as Ruben Kell, owner of Askey Rovers. It was the groundsman.",
        "correction",
        [("Ruben Kell", "the groundsman")],
    ),
    (
        "The winning boat took 16 minutes 4 seconds and not, as we said on 1 May, 14 minutes 6 seconds.",
        "correction",
        [("14 minutes 6 seconds", "16 minutes 4 seconds")],
    ),
    (
        "In a story May 2 about the regatta, Coast Wire reported erroneously that 14 people were hurt. The "
        "number is 41.",
        "correction",
        [("14", "41")],
    ),
    (
        "A headline on this article wrongly described Una Holm as mayor. She is deputy mayor.",
        "correction",
        [("mayor", "deputy mayor")],
    ),
    (
        "An article on Tuesday about the harbour referred incorrectly to the depth of the basin. It is 9 "
        "metres, not 19.",
        "correction",
        [("19", "9 metres")],
    ),
    (
        "The crack is 83 centimetres long; an earlier version of this article gave another figure.",
        "correction",
        [("", "83 centimetres")],
    ),
    (
        "An earlier version of this article misquoted Una Holm. She said the pier would open “in June”, not “in July”.",
        "correction",
        [("“in July”", "“in June”")],
    ),
    (
        "An earlier version of this article stated that the pier would reopen on 3 May. It will reopen on 13 May.",
        "correction",
        [("3 May", "13 May")],
    ),
    ("This article originally stated the bridge opened in 1967. It opened in 1976.", "correction", [("1967", "1976")]),
    (
        "Editor's note: An earlier version of this story overstated the cost of the pier as 74,500 crowns. "
        "The cost was 47,500 crowns.",
        "correction",
        [("74,500 crowns", "47,500 crowns")],
    ),
    (
        "Editor's note, 7 May: The harbour board has since found that nine boats sank and not eleven. The "
        "entries below stand as they were written.",
        "correction",
        [("eleven", "nine")],
    ),
    (
        "The reference to Varn has been changed to Vale. This article said in error that the ferry sails from Varn.",
        "correction",
        [("Varn", "Vale")],
    ),
    ("The name of the firm should have read Holten, not Halden.", "correction", [("Halden", "Holten")]),
    (
        "We said on Monday that Askey Council owes 12 million crowns. The correct amount is 1.2 million.",
        "correction",
        [("12 million crowns", "1.2 million")],
    ),
    (
        "This post mistakenly attributed the remark to Mara Quist. It was made by Ida Brook.",
        "correction",
        [("Mara Quist", "Ida Brook")],
    ),
    # Clarifications.
    (
        "Clarification: Our report of 4 May said the growers “admit” 31 cases. We are happy to make clear "
        "that the growers’ association counts 31 cases but admits no fault.",
        "clarification",
        [("the growers “admit” 31 cases", "the growers’ association counts 31 cases but admits no fault")],
    ),
    (
        "We are happy to make clear that Otto Brill has never been a member of the party.",
        "clarification",
        [("", "Otto Brill has never been a member of the party")],
    ),
    # Withdrawals.
    ("This story has been withdrawn.", "retraction", []),
    ("KILL - 25 April 2026. This story has been withdrawn and must not be used.", "retraction", []),
    ("RETRACTION: Coast Wire withdraws the story above. The papers were forged.", "retraction", []),
    (
        "The Post has retracted its report that the mayor had taken money.",
        "retraction",
        [("the mayor had taken money", "")],
    ),
    ("We retract this article and apologise to Otto Brill.", "retraction", []),
    (
        "The Post reported on 2 May that Silas Brook, an inspector, had received 30,000 crowns from Otto "
        "Brill. This was false. The papers on which we relied were forged, and the story has been withdrawn.",
        "retraction",
        [("Silas Brook, an inspector, had received 30,000 crowns from Otto Brill", "")],
    ),
    # What was said was not so.
    (
        "The Post reported on Tuesday that the council would sell the pier. That was wrong.",
        "correction",
        [("the council would sell the pier", "")],
    ),
    (
        "This newspaper said on 3 May that the ferry had no licence. That is not correct; it has had one since 2019.",
        "correction",
        [("the ferry had no licence", "it has had one since 2019")],
    ),
    # Only added.
    ("Editor's note: This story has been updated to include a comment of the harbour board.", "addition", []),
    ("This article has been updated with the council's reply.", "addition", []),
    # In a story.
    ("The ministry corrected the figure to 41.", "reported", [("", "41")]),
    ("The ministry corrected the number of dead to 9 from 14.", "reported", [("14", "9")]),
    ("Police later revised the toll from 14 down to nine.", "reported", [("14", "nine")]),
    (
        "Nine boats sank in the storm, and not 11 as the operator had said, the board found on Tuesday.",
        "reported",
        [("11", "Nine")],
    ),
    (
        "The harbour board said its figure of 14 had been wrong and that 41 people were hurt.",
        "reported",
        [("14", "41")],
    ),
    ("The board had wrongly put the number of boats at 14; the correct number was 41.", "reported", [("14", "41")]),
    ("The fine is 50,000 crowns, not 500,000 as previously reported.", "reported", [("500,000", "50,000 crowns")]),
    (
        "The company withdrew its statement that a stone had hit the guard.",
        "reported",
        [("a stone had hit the guard", "")],
    ),
    # As newsrooms of many countries word them.
    (
        "A correction was made on May 4, 2026: An earlier version of this article misidentified the body that "
        "gave the warning. It was the Harbour Board, not the Coast Guard.",
        "correction",
        [("Coast Guard", "Harbour Board")],
    ),
    (
        "Because of an editing error, an earlier version of this article referred incorrectly to the month in "
        "which the ferry sank. It was April, not March.",
        "correction",
        [("March", "April")],
    ),
    (
        "An article on Monday about the Vale regatta misstated the given name of the harbour master. He is "
        "Owen Tarn, not Evan Tarn.",
        "correction",
        [("Evan Tarn", "Owen Tarn")],
    ),
    (
        "A picture caption with an article on Sunday about the regatta misidentified the woman at left. She "
        "is Una Holm, not Mara Quist. The article also misstated the amount of rain. It was 41 millimetres, "
        "not 14 millimetres.",
        "correction",
        [("Mara Quist", "Una Holm"), ("14 millimetres", "41 millimetres")],
    ),
    (
        "• This article was amended on 3 June 2025. Owen Tarn is harbour master of Vale, not of Varn as an "
        "earlier version said.",
        "correction",
        [("Varn", "Vale")],
    ),
    (
        "This article was amended on 3 June 2025 because an earlier version referred to Una Holm as the mayor "
        "of Vale. She is the deputy mayor.",
        "correction",
        [("the mayor of Vale", "the deputy mayor")],
    ),
    (
        "An editing error led us to say that 14 ferries sank. It should have said four (Ferries lost, 2 June, page 9).",
        "correction",
        [("14", "four")],
    ),
    (
        "In an earlier version, the crack was said to be 38cm long. The correct length is 83cm.",
        "correction",
        [("38cm", "83cm")],
    ),
    (
        "Owing to an editing error, we said the trip takes “14 hours”; that should have been “four hours”.",
        "correction",
        [("14 hours", "four hours")],
    ),
    (
        "Correction 4 May 2026: An earlier version of this article said the cost was £14m. This has been "
        "amended to £41m.",
        "correction",
        [("£14m", "£41m")],
    ),
    (
        "Update 4 May: This article originally reported that the ferry carried 300 passengers. The figure has "
        "been amended to 30.",
        "correction",
        [("300", "30")],
    ),
    (
        "(This story has been refiled to correct the spelling of Tarne to Tarn in paragraph 4)",
        "correction",
        [("Tarne", "Tarn")],
    ),
    ("(Corrects spelling of name in paragraph 4 to Tarn from Tarne)", "correction", [("Tarne", "Tarn")]),
    (
        "(This May 4 story has been corrected to reflect that the plant is in Varn, not Vale, in the headline "
        "and paragraph 1)",
        "correction",
        [("Vale", "Varn")],
    ),
    (
        "In a story May 2, 2026, about a regatta accident, Coast Wire erroneously reported the number of "
        "people hurt. Officials said 41 people were hurt, not 14.",
        "correction",
        [("14", "41")],
    ),
    (
        "This story has been corrected to show that the first name of the harbour master is Owen, instead of Evan.",
        "correction",
        [("Evan", "Owen")],
    ),
    ("This version corrects that 41, not 14, people were hurt.", "correction", [("14", "41")]),
    (
        "A previous version of this article incorrectly said that the ferry sank Monday. It sank Sunday. The "
        "article has been corrected.",
        "correction",
        [("Monday", "Sunday")],
    ),
    (
        "For the record: 9:14 a.m. May 4, 2026: An earlier version of this article said Owen Tarn was 14. He is 41.",
        "correction",
        [("14", "41")],
    ),
    (
        "This article has been amended since publication to reflect the fact that the stake was 14 per cent, "
        "not 41 per cent.",
        "correction",
        [("41 per cent", "14 per cent")],
    ),
    ("Amended 3 June: The bridge is 83 metres long, not 38.", "correction", [("38", "83 metres")]),
    ("Note: This report was corrected on 4 May: 41 people were hurt, not 14.", "correction", [("14", "41")]),
    ("[Correction — 4 May: The stand was put up by Holten, not Halden.]", "correction", [("Halden", "Holten")]),
    ("An earlier version of this article gave a wrong age for Una Holm. She is 41.", "correction", [("", "41")]),
    (
        "An earlier version of this article misspelled the name of the harbour master. He is Owen Tarn.",
        "correction",
        [("", "Owen Tarn")],
    ),
    (
        "This article was amended on 4 May 2026 to change the number of people hurt from 14 to 41.",
        "correction",
        [("14", "41")],
    ),
    (
        "Our front-page story on Tuesday should have said that the fine is 50,000 crowns, not 500,000.",
        "correction",
        [("500,000", "50,000 crowns")],
    ),
    ("In Monday's editorial we stated that the council has 14 members. It has 41.", "correction", [("14", "41")]),
    (
        "A graphic with this article showed the wrong year for the opening of the pier. It opened in 1976, not 1967.",
        "correction",
        [("1967", "1976")],
    ),
    (
        "Clarification: An earlier version of this story may have given the impression that Otto Brill was "
        "under investigation. He was not.",
        "clarification",
        [("Otto Brill was under investigation", "He was not")],
    ),
    ("This article was edited on 4 May to remove a reference to Otto Brill.", "correction", []),
    ("EDITORS: Please kill the story about the harbour master that ran on 4 May.", "retraction", []),
    ("This article has been retracted because its main source could not be verified.", "retraction", []),
    ("We have taken down this article because its quotations could not be confirmed.", "retraction", []),
    ("Coast Wire has withdrawn its story on the harbour master, as it rested on forged papers.", "retraction", []),
    ("Editor's note: The spelling of the village follows the map of 1976.", "addition", []),
    # In a story.
    ("Police initially said 14 people were hurt but later corrected the number to 41.", "reported", [("14", "41")]),
    (
        "Officials corrected an earlier statement that 14 people had died, saying nine had.",
        "reported",
        [("14", "nine")],
    ),
    (
        "The hospital cut its count to 16 from 19 after a patient was found to be listed twice.",
        "reported",
        [("19", "16")],
    ),
    ("The bridge opened in 1976, and not in 1967 as the ministry had said.", "reported", [("1967", "1976")]),
    ("The figure was later corrected to 41.", "reported", [("", "41")]),
    (
        "The board admitted that the number of 14 it gave on Monday was wrong: the right number is 41.",
        "reported",
        [("14", "41")],
    ),
    # Others, written when the code was done.
    (
        "Correction: The original version of this article said the dam holds 12 million cubic metres. It "
        "holds 21 million cubic metres.",
        "correction",
        [("12 million cubic metres", "21 million cubic metres")],
    ),
    (
        "CORRECTION: A previous headline on this story incorrectly stated that Tarn Steel would close two "
        "plants. It will close one.",
        "correction",
        [("two", "one")],
    ),
    (
        "An earlier version of this story gave the wrong date for the hearing. It is on 14 June, not 4 June.",
        "correction",
        [("4 June", "14 June")],
    ),
    (
        "Correction (May 5): The article mistakenly reported the age of the pilot as 29. He was 39.",
        "correction",
        [("29", "39")],
    ),
    (
        "This article has been corrected. Ferro’s first name is Nadia, not Nadja, as we had it.",
        "correction",
        [("Nadja", "Nadia")],
    ),
    (
        "Due to a production error, yesterday’s story on the harbour dues gave the new rate as 7.5 per cent. "
        "The correct rate is 5.7 per cent.",
        "correction",
        [("7.5 per cent", "5.7 per cent")],
    ),
    (
        "An earlier version of this article incorrectly described Mara Quist as the treasurer of Salthouse. "
        "She is its former treasurer.",
        "correction",
        [("the treasurer of Salthouse", "its former treasurer")],
    ),
    ("Amendment: in the fourth paragraph, “Monday” should read “Tuesday”.", "correction", [("Monday", "Tuesday")]),
    (
        "Editor’s note: The figure for the number of homes flooded has been corrected from 1,200 to 120.",
        "correction",
        [("1,200", "120")],
    ),
    (
        "We reported on Thursday that the Askey plant employs 900 people. In fact it employs 600.",
        "correction",
        [("900", "600")],
    ),
    (
        "An article in Tuesday’s paper misidentified the pilot of the helicopter. His name is Emil Sandor, "
        "not Erik Sandor.",
        "correction",
        [("Erik Sandor", "Emil Sandor")],
    ),
    (
        "Correction: This story has been updated to reflect that the shares fell 8 percent, rather than 18 percent.",
        "correction",
        [("18 percent", "8 percent")],
    ),
    (
        "A photo caption on Page 2 of Wednesday’s edition gave an incorrect name for the winner. She is Bea Lockyer.",
        "correction",
        [("", "Bea Lockyer")],
    ),
    (
        "In our report on the storm (4 May), we stated that winds reached 180 kilometres an hour. They "
        "reached 118 kilometres an hour.",
        "correction",
        [("180 kilometres an hour", "118 kilometres an hour")],
    ),
    (
        "An earlier version of this story attributed the quotation to Judge Ruth Adair. It was said by her "
        "clerk, Ivo Marsh.",
        "correction",
        [("Judge Ruth Adair", "Ivo Marsh")],
    ),
    (
        "The number of voters was wrongly given as 14,000 in an earlier version of this report. It was 41,000.",
        "correction",
        [("14,000", "41,000")],
    ),
    (
        "This article was amended on 2 May 2026. It originally said the tunnel was 3 kilometres long; it is "
        "2.3 kilometres long.",
        "correction",
        [("3 kilometres", "2.3 kilometres")],
    ),
    (
        "A correction: yesterday we said the concert begins at 7:30 pm; it begins at 8:30 pm.",
        "correction",
        [("7:30 pm", "8:30 pm")],
    ),
    (
        "Because of incorrect information supplied by the police, an earlier version of this article said "
        "that three men had been arrested. Two were.",
        "correction",
        [("three", "Two")],
    ),
    (
        "Editor’s note: After publication, the company said the recall covers 4,100 cars, not 41,000 as it "
        "had first stated.",
        "correction",
        [("41,000", "4,100")],
    ),
    (
        "The Courier has withdrawn a report published on Monday about Dr Emil Sandor. The report was based on "
        "a document that is not authentic.",
        "retraction",
        [],
    ),
    ("This story has been removed because it did not meet our standards.", "retraction", []),
    ("The hospital has corrected the number of patients infected: it is 16, not 19.", "reported", [("19", "16")]),
    (
        "The League corrected its statement: the fine is 50,000 crowns, not 500,000.",
        "reported",
        [("500,000", "50,000 crowns")],
    ),
    (
        "Police had first said that four people were killed, but later corrected the figure to three.",
        "reported",
        [("four", "three")],
    ),
    (
        "The ministry admitted that its figure of 38 centimetres was wrong; the crack is 83 centimetres long.",
        "reported",
        [("38 centimetres", "83 centimetres")],
    ),
    ("The count was revised to 387 from 412 on Monday.", "reported", [("412", "387")]),
    (
        "The company retracted its claim that the valve had been inspected in March.",
        "reported",
        [("the valve had been inspected in March", "")],
    ),
    (
        "Correction: The river rose by 3.2 metres, not 2.3 metres as stated in an earlier version of this report.",
        "correction",
        [("2.3 metres", "3.2 metres")],
    ),
    (
        "An earlier version of this article reported that the school has 640 pupils. The correct figure is 460.",
        "correction",
        [("640", "460")],
    ),
    (
        "This story was corrected on 4 May to say that the airline cancelled 17 flights, not 71.",
        "correction",
        [("71", "17")],
    ),
    (
        "Clarification: The headline on an earlier version of this story suggested that Una Holm had been "
        "dismissed. She resigned.",
        "clarification",
        [("Una Holm had been dismissed", "She resigned")],
    ),
    (
        "In an article on Friday we incorrectly named the head of the port as Ivo Marsh. The head of the port "
        "is Emil Marsh.",
        "correction",
        [("Ivo Marsh", "Emil Marsh")],
    ),
    (
        "Editor's note: This article has been amended to correct the year in which the mill closed. It was "
        "1987, not 1978.",
        "correction",
        [("1978", "1987")],
    ),
    (
        "Correction: The loan is worth $45 million; an earlier version put it at $54 million.",
        "correction",
        [("$54 million", "$45 million")],
    ),
    (
        "The article above originally gave the distance as 40 miles. It is 14 miles.",
        "correction",
        [("40 miles", "14 miles")],
    ),
    (
        "Corrections and clarifications: A story on 3 May said Ferro Ltd had laid off 250 workers. The "
        "company laid off 25.",
        "clarification",
        [("250", "25")],
    ),
    (
        "Correction: The bank lent 200 million crowns rather than 20 million.",
        "correction",
        [("20 million", "200 million crowns")],
    ),
    (
        "This article was amended on 5 May 2026. The ship was built in Karrow; an earlier version said Tarnwick.",
        "correction",
        [("Tarnwick", "Karrow")],
    ),
    (
        "We apologise for reporting on Monday that the club owed 9 million crowns. It owes 0.9 million crowns.",
        "correction",
        [("9 million crowns", "0.9 million crowns")],
    ),
    ("RETRACTION: The Meridian Wire story of 3 May about the port has been retracted.", "retraction", []),
    ("This item has been withdrawn at the request of the court.", "retraction", []),
    ("The Times reported yesterday that the king was ill. That is untrue.", "correction", [("the king was ill", "")]),
    (
        "Correction: It was Ida Brook, and not Mara Quist, who opened the library.",
        "correction",
        [("Mara Quist", "Ida Brook")],
    ),
    ("Correction: 1,400 litres of oil were spilled, not 14,000.", "correction", [("14,000", "1,400 litres")]),
    (
        "An earlier version misidentified the plant in the photograph as hemlock. It is cow parsley.",
        "correction",
        [("hemlock", "cow parsley")],
    ),
    ("The ministry has since corrected the total to 1,213 from 1,312.", "reported", [("1,312", "1,213")]),
    (
        "The board said on Friday that it had mistakenly reported 88 cases; the actual number was 68.",
        "reported",
        [("88", "68")],
    ),
    ("Seven ships were lost, not nine as the navy had announced.", "reported", [("nine", "Seven")]),
    ("Officials revised the toll down from 31 to 28 after three people were found alive.", "reported", [("31", "28")]),
    (
        "The police withdrew their statement that the driver had been drunk.",
        "reported",
        [("the driver had been drunk", "")],
    ),
]

NO_NOTES = [
    "A correctional officer was hurt at Tarn prison on Monday.",
    "Corrections officers said 14 inmates were moved, not 41.",
    "The correction in the stock market wiped out 14 billion crowns in May.",
    "Not 14 but 41 people a day now use the ferry, the company said.",
    "The count is 41, not 14, she said.",
    "“I gave the council a wrong answer, and I am correcting it today,” she told parliament.",
    "The teacher corrected 41 exams on Saturday, not 14.",
    "She corrected him: it was the mayor who paid.",
    "The course was corrected by 14 degrees before the landing.",
    "The Post reported on Tuesday that the council would sell the pier. The mayor did not comment.",
    "The Post reported on Tuesday that 14 people were hurt.",
    "An earlier version of the bill gave councils until June. The new one gives them until May.",
    "A previous version of the plan put the cost at 14 million crowns. It is now 41 million.",
    "An early version of the software lost 14 files.",
    "The bank raised its forecast for growth to 3 per cent from 2 per cent.",
    "The company revised its forecast for this year to 41 million crowns from 14 million.",
    "He amended his will on 3 June 2025 to leave the house to his niece.",
    "The law was amended on 3 June 2025 to allow dogs on trains.",
    "The contract was amended in May to 41 ships from 14.",
    "The treaty has been amended twice since 1976.",
    "The club withdrew its offer of 14 million crowns on Monday.",
    "The candidate has been withdrawn from the list.",
    "This bridge was closed on 3 June and reopened on 5 June.",
    "Troops were withdrawn from Varn on Tuesday.",
    "The army retracted its bridge over the Tarn.",
    "He wrongly believed that the ferry left at nine.",
    "He was wrongly convicted of killing 14 people.",
    "The wrong train arrived at 9:40, and the right one at 9:14.",
    "She should have read the letter, not burnt it.",
    "The pier should have been closed in March, Una Holm said.",
    "It is a matter of taste, not of money.",
    "The council voted for a ferry rather than a bridge.",
    "They paid 14 crowns instead of 41.",
    "The bill was 14 crowns. It should have been free.",
    "Prices rose from 14 to 41 crowns.",
    "Una Holm said the report was wrong.",
    "The mayor called the article false and said she would sue.",
    "Critics said this was false.",
    "The minister said on Monday that the bridge was safe. This was not true of the pier.",
    "We said goodbye to 14 neighbours and found 41 letters.",
    "The company said in a clarification of its rules that dogs must be on a lead.",
    "The exhibition shows an earlier version of the portrait. It is smaller by 14 centimetres.",
    "KILLER WHALES RETURN TO VALE\n\nThe whales were seen on Monday.",
    "A kill switch stopped the ferry after 14 minutes.",
    "This story begins in a small house in Varn. It was amended by rumour.",
    "Update: The ferry left at 9:40.",
    "Note: tickets cost 14 crowns, not 41 as in Varn.",
    "Editors met in Vale to note the anniversary of the Post.",
    "The number of visitors was 41, more than the 14 expected.",
    "Department of Corrections: 14 inmates escaped.",
    "The ministry will correct the figures in June.",
    "He asked the paper to correct the story.",
    "The Post reported that the ministry had wrongly paid 14 farmers.",
    "“This story was corrected,” he said, “by nobody.”",
    "The team cut its losses to 14 million crowns from 41 million.",
    "The company cut the number of branches to 14 from 41.",
    "The mayor retracted her resignation on Sunday.",
    "The board changed the date of the meeting from 14 May to 4 June.",
    "The mayor said the wrong bridge had been closed. It was opened again at 9:40.",
    "This page is updated every hour.",
    "An earlier edition of the festival drew 14,000 people. It lasted nine days.",
    "Voters rejected the plan by 41 to 14, not a surprise to anyone.",
    "The earlier version of the treaty listed 14 states. The new one lists 41.",
    "He misstated his income by 14,000 crowns, the tax office said.",
    "The bank mistakenly paid 14 people twice.",
    "She was wrongly identified as the driver, police said.",
    "The council amended the plan on Monday to add 14 flats.",
    "The firm withdrew the product after 14 complaints.",
    "The story of the bridge is long. It was built in 1976, not 1967, historians say.",
    "This version of the car has 41 kilowatts, not 14.",
    "The report said the bridge was unsafe. It is closed now.",
    "A report published on Monday said 14 per cent were poor. It was 10 per cent in 2020.",
    "An article in the magazine Lens said that he was ill. He is 41.",
    "This report was published on Monday by the audit office. It was amended twice.",
    "The minister corrected himself on Monday.",
    "Nobody corrected the error in the timetable.",
    "The forecast was revised to 3 per cent from 2 per cent.",
    "The figure was revised up to 41 from 14 as more bodies were found.",
    "We said in March that we would hire 14 people. It was a promise.",
    "The price should have been 14 crowns.",
    "The minister denied that the figure was wrong.",
    "“An earlier version of this article said 14,” the lawyer told the court.",
    "The mayor withdrew her complaint against the Post on Monday.",
    "The Courier reported that the mine employs 900 people. It is the largest in Lorrany.",
    "The album is an updated version of songs from 1976.",
    "For the record, the mayor lives in Vale.",
    "An earlier version of the law let towns decide. It was struck down.",
    "The original version of the song lasted nine minutes, not four.",
    "The pilot corrected the course twice.",
    "The prison service runs 14 corrections centres, not 41.",
    "He said the newspaper had misquoted him.",
    "The company misstated its profits by 14 million crowns, prosecutors said.",
    "“We said 14, not 41,” the foreman insisted.",
    "The audit found that 14 families had been wrongly paid.",
    "The school withdrew the textbook in May.",
    "This was wrong, said Una Holm, of the decision to close the pier.",
    "It was a mistake to close 14 schools, the minister said.",
    "The paper apologised to its readers for the strike.",
    "A story in three parts, it has 41 chapters, not 14.",
    "The editor said that the story was true.",
    "The ministry updated its forecast to 41 from 14.",
    "The update fixes an error in version 14.",
    "They wrongly thought that the ice would hold.",
    "The statue was amended with a plaque.",
    "The team withdrew 14 players from the squad.",
    "The report of the audit office is wrong, the council said; the cost was 14 million, not 41 million.",
    "The amended bill sets the fine at 41 crowns, not 14.",
    "The revised timetable has 14 trains a day, not 41.",
]


def notes_in(text: str, published: date | None = PUBLISHED) -> tuple[CorrectionNote, ...]:
    return Document(text, published).corrections


def points_of(text: str, note: CorrectionNote) -> Points:
    return [tuple("" if s is None else text[slice(*s)] for s in (p.wrong, p.right)) for p in note.points]  # type: ignore[misc]


@pytest.mark.parametrize("before", ["", STORY], ids=["alone", "below a story"])
@pytest.mark.parametrize(("text", "kind", "points"), NOTES, ids=[n[0][:60] for n in NOTES])
def test_notes(before: str, text: str, kind: str, points: Points) -> None:
    whole = before + text
    found = notes_in(whole)
    assert [n.kind for n in found] == [kind]
    assert points_of(whole, found[0]) == points


@pytest.mark.parametrize("text", NO_NOTES)
def test_what_is_no_note(text: str) -> None:
    assert notes_in(text) == ()
    assert notes_in(STORY + text) == ()


# -- about which article, and of which day -----------------------------------------------------------------------------

TARGETS: list[tuple[str, bool, str | None, date | None, date | None]] = [
    # The note, whether it is about its own article, else whose, and the day of that; the day of the note.
    ("Correction: It is 41, not 14.", True, None, None, None),
    ("Correction, 12 May 2026: It is 41, not 14.", True, None, None, date(2026, 5, 12)),
    ("This article was amended on 8 May 2026. It said at first that 14 were hurt.", True, None, None, date(2026, 5, 8)),
    ("KILL - 25 April 2026. This story has been withdrawn.", True, None, None, date(2026, 4, 25)),
    ("Correction: An article on 22 April gave the number as 412. It was 387.", False, None, date(2026, 4, 22), None),
    (
        "The Post said on Tuesday that the council owed money. That was wrong.",
        False,
        "the post",
        date(2026, 5, 5),
        None,
    ),
    ("We said on 4 May that Askey owes 12 crowns. The correct amount is 1.2.", False, "", date(2026, 5, 4), None),
    ("The boat took 16 minutes and not, as we said on 1 May, 14 minutes.", False, "", date(2026, 5, 1), None),
    ("Coast Wire has withdrawn its story on the pier.", False, "coast wire", None, None),
]


@pytest.mark.parametrize(("text", "own", "outlet", "since", "day"), TARGETS, ids=[t[0][:60] for t in TARGETS])
def test_about_which_article(text: str, own: bool, outlet: str | None, since: date | None, day: date | None) -> None:
    note = notes_in(text)[0]
    assert (note.own, note.outlet, note.since, note.day) == (own, outlet, since, day)


COLUMN = """The Post reported on 2 May that Silas Brook had received 30,000 crowns from Otto Brill. This was false. \
The papers were forged, and the story has been withdrawn.

The same article said that Mr Brill had been warned on 11 April. We have no evidence of that.

It also said that Brill Farms employs 320 pickers. The farm has 230.

The Post corrects its errors as soon as it can. Write to the readers’ editor."""


def test_a_column_has_a_note_for_each_item() -> None:
    notes = notes_in(COLUMN)
    assert [n.kind for n in notes] == ["retraction", "correction", "correction"]
    assert [n.whole for n in notes] == [True, False, False]
    assert {(n.outlet, n.since) for n in notes} == {("the post", date(2026, 5, 2))}  # "it" is still the same article
    assert [p for n in notes for p in points_of(COLUMN, n)] == [
        ("Silas Brook had received 30,000 crowns from Otto Brill", ""),
        ("Mr Brill had been warned on 11 April", ""),
        ("320", "230"),
    ]


def test_a_withdrawal_goes_on_with_what_the_story_had_said() -> None:
    text = "This story has been withdrawn.\n\nIt said that Otto Brill had taken money. The papers were forged."
    [note] = notes_in(text)
    assert (note.kind, note.first, note.last, note.whole) == ("retraction", 0, 2, True)


def test_several_notes_below_one_story() -> None:
    text = STORY + "Correction: It is 41, not 14.\n\nClarification: The regatta of Vale has no bar. It has a tent."
    assert [n.kind for n in notes_in(text)] == ["correction", "clarification"]


# -- the layer ---------------------------------------------------------------------------------------------------------


def test_notes_are_stored_with_the_document() -> None:
    document = Document(STORY + COLUMN, PUBLISHED)
    stored = Document.stored(
        document.text, PUBLISHED, body_start=0, id="", sentences=document.sentences, layers=document.dump()
    )
    assert stored.corrections == document.corrections != ()


def test_a_part_has_the_notes_that_begin_in_it() -> None:
    text = STORY + "Correction: It is 41, not 14."
    document = Document(text, PUBLISHED)
    last = document.sentences[-1]
    [note] = document.within(last.start, last.end).corrections
    assert points_of(last.text, note) == [("14", "41")]


def test_keys_by_which_a_library_finds_notes() -> None:
    def keys(text: str) -> set[tuple[str, str]]:
        return {(kind, key) for _, kind, key in note_rows(Document(text, PUBLISHED))}

    assert keys("Correction: It is 41, not 14.") == {("correction", "14"), ("correction", "41")}
    assert ("correction", "halden") in keys("Correction: The stand was put up by Holten, not Halden.")
    assert keys("This story has been withdrawn.") == {("retraction", "")}
    assert keys("This article has been updated with the council's reply.") == set()
    assert keys(STORY) == set()


PIECES = st.sampled_from(
    [note for note, _, _ in NOTES]
    + NO_NOTES
    + ["not ", "14", "41 ", "“", "”", "Correction: ", "\n\n", ", not ", "the İ"]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES | st.text(max_size=12), max_size=6).map("".join))
def test_offsets_are_those_of_the_text(text: str) -> None:
    document = Document(text, PUBLISHED)
    taken: list[int] = []
    for note in document.corrections:
        assert document.sentences[note.first].start == note.start < note.end == document.sentences[note.last].end
        taken += range(note.first, note.last + 1)
        for point in note.points:
            assert note.first <= point.first <= point.last <= note.last
            assert point.wrong or point.right
            assert all(note.start <= span[0] < span[1] <= note.end for span in (point.wrong, point.right) if span)
    assert len(taken) == len(set(taken))  # a sentence belongs to one note


@pytest.mark.parametrize(
    "piece",
    [
        "this article ",
        "not as we ",
        "it is 41, not 14 ",
        "The Post said ",
        "(corrects ",
        "Correction: It is 41, not 14. ",
    ],
)
def test_a_hostile_text_takes_no_longer_than_some_plain_texts_of_its_length(piece: str) -> None:
    def read(piece: str) -> None:
        Document("correct " + piece * (30_000 // len(piece))).read("corrections")

    plain = "The quay at Selm was shut on Monday for 14 days, said Una Holm, who runs it. "
    # "Correction: …" has nearly three times the sentences, and each is a note: about ten times the work.
    assert is_cheap(lambda: read(piece), lambda: read(plain), 25)
