"""What a claim changes in a sentence that it otherwise copies is a doubt; free paraphrase is none."""

from __future__ import annotations

import pytest
from test_checks import evidence, findings

from qa.verification.checks import edits

SENTENCE = "The council of Salthouse would not say on Monday whether it will keep the evening ferry until April."


@pytest.mark.parametrize(
    ("claim", "reason", "told"),
    [
        (SENTENCE.replace("would not", "would"), "negation", "leaves out “not”"),
        (SENTENCE.replace("will keep", "will never keep"), "negation", "adds “never”"),
        (SENTENCE.replace("will keep", "kept"), "modality", "“kept” where the sentence says “will keep”"),
        (SENTENCE.replace("evening", "notorious evening"), "support", "adds “notorious”"),
        (SENTENCE.replace("evening", "morning"), "support", "“morning” where the sentence says “evening”"),
    ],
)
def test_an_edit_of_a_copied_sentence_is_a_doubt(claim: str, reason: str, told: str) -> None:
    found = findings(edits.check, evidence(claim, SENTENCE))
    assert [doubt for doubt in found if doubt.reason == reason and told in doubt[1]], found


@pytest.mark.parametrize(
    "claim",
    [
        SENTENCE,
        "The council of Salthouse would not say whether it will keep the evening ferry until April.",  # shorter
        "On Monday nobody in Salthouse could learn if the boat at night goes on.",  # paraphrase
        SENTENCE.replace("say", "tell"),
        SENTENCE.replace("The council of Salthouse", "Coast Wire reported that the council of Salthouse"),
    ],
)
def test_what_is_only_shorter_or_said_freely_is_none(claim: str) -> None:
    assert findings(edits.check, evidence(claim, SENTENCE)) == []


def test_another_form_of_a_word_is_no_edit() -> None:
    assert (
        findings(
            edits.check,
            evidence("Castell sells the old ground to his firm.", "Castell sold the old ground to his firm."),
        )
        == []
    )
