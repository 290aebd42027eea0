"""From a draft to what may be shown: checks, a judge, one repair; nothing passes unchecked, whatever fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from fakes import ScriptedChat, claim, ended, says

from qa.answers.prompted import Drafter, draft
from qa.articles.parse import parse
from qa.english.sentences import split
from qa.errors import ModelTimeout
from qa.library.embedders import WordLlamaEmbedder
from qa.llm.limits import Limits
from qa.llm.prompts import load_prompt
from qa.model import Article, Passage
from qa.questions.plan import Plan
from qa.verification.judges import Judge, Judged, LocalJudge, Statement, Verdict
from qa.verification.settle import Settled, settle

TEXT = "The line cuts six sailings. Director Mara Quist said the boats are old. Rain fell on the quay all day."
ARTICLE = Article(id="a", version="v", title="Line cuts sailings", source="Coast Wire", text=TEXT)
PARSED = parse(ARTICLE)
PASSAGES = tuple(Passage(label=f"S{s.index + 1}", article_id="a", sentence=s, score=1.0) for s in split(TEXT, "a"))
PLAN = Plan(question="What does the line cut?", standalone="What does the line cut?")
RIGHT, WRONG = claim("The line cuts six sailings.", "S1"), claim("The line cuts nine sailings.", "S1")


class Replies(ScriptedChat):
    """Answers with the first reply, and every repair with the next one."""

    def __init__(self, *replies: dict[str, Any]) -> None:
        super().__init__(replies[0])
        self._replies = replies

    def complete(self, messages: Any, shape: type, limits: Any = None) -> Any:
        limits.spend()
        self._reply = self._replies[min(len(self.asked), len(self._replies) - 1)]
        return super().complete(messages, shape, limits)


class Says:
    """A judge with fixed verdicts, or one that fails."""

    name = "fixed"

    def __init__(self, *verdicts: Verdict, kind: Any = "systemone", fails: Exception | None = None) -> None:
        self.kind = kind
        self._verdicts, self._fails = verdicts, fails
        self.asked: list[Sequence[Statement]] = []

    def judge(self, question: str, statements: Sequence[Statement], limits: Limits) -> Judged:
        self.asked.append(statements)
        if self._fails:
            raise self._fails
        return Judged(tuple(self._verdicts[i % len(self._verdicts)] for i in range(len(statements))))


def settled(chat: ScriptedChat, *judges: Judge, limits: Limits | None = None, relevant: bool = False) -> Settled:
    limits = limits or Limits(5, 6)
    drafter = Drafter(
        chat, load_prompt("answer"), load_prompt("repair"), 5000, lambda texts: [len(t.split()) for t in texts]
    )
    drafting = draft(PLAN, PASSAGES, {"a": PARSED}, drafter, limits)
    return ended(settle(PLAN, drafting, {"a": PARSED}, judges, limits, lambda _: relevant))[1]


def texts(found: Settled) -> list[str]:
    return [passed.evidence.claim.text for passed in found.passed]


def test_a_sound_draft_needs_no_repair() -> None:
    chat = Replies(says(RIGHT))
    found = settled(chat)
    assert texts(found) == ["The line cuts six sailings."]
    assert (found.rejected, found.lost, len(chat.asked)) == ((), 0, 1)


def test_a_repaired_claim_comes_after_those_that_stood_and_the_fault_stays_on_record() -> None:
    other = claim("Mara Quist said the boats are old.", "S2")
    found = settled(Replies(says(WRONG, other), says(RIGHT)))
    assert texts(found) == ["Mara Quist said the boats are old.", "The line cuts six sailings."]
    assert [(r.text, r.reason) for r in found.rejected] == [("The line cuts nine sailings.", "number")]
    assert found.lost == 0


def test_there_is_one_repair_and_what_still_fails_is_dropped_whole() -> None:
    chat = Replies(says(WRONG), says(claim("The line cuts eight sailings.", "S1")), says(RIGHT))
    found = settled(chat)
    assert (texts(found), found.lost, len(chat.asked)) == ([], 1, 2)
    assert [r.text for r in found.rejected] == ["The line cuts nine sailings.", "The line cuts eight sailings."]


def test_the_same_claim_again_is_no_repair() -> None:
    found = settled(Replies(says(WRONG), says(WRONG)))
    assert (texts(found), len(found.rejected), found.lost) == ([], 1, 1)


@pytest.mark.parametrize(("seconds", "calls", "why"), [(5, 1, "calls"), (0.0001, 6, "QA_TIMEOUT")])
def test_without_calls_or_time_for_a_repair_the_rest_stands_and_a_warning_says_so(
    seconds: float, calls: int, why: str
) -> None:
    limits = Limits(seconds, calls)

    class Slow(Replies):
        def complete(self, messages: Any, shape: type, limits: Any = None) -> Any:
            if not self.asked:
                return ScriptedChat.complete(self, messages, shape, limits)
            return super().complete(messages, shape, limits)

    if why == "calls":
        limits.spend()
    found = settled(Slow(says(RIGHT, WRONG)), limits=limits)
    assert texts(found) == ["The line cuts six sailings."]
    assert why in found.warnings[0]


def test_what_a_judge_does_not_believe_is_rejected_and_its_probability_kept_for_the_rest() -> None:
    found = settled(Replies(says(RIGHT, claim("The line cuts sailings.", "S1"))), Says(Verdict(0.9), Verdict(0.1)))
    assert texts(found) == ["The line cuts six sailings."]
    assert found.passed[0][1] == 0.9
    assert (found.rejected[0].reason, found.judge) == ("support", "systemone")


def test_sentences_that_do_not_answer_are_rejected_only_if_none_answers() -> None:
    two = says(RIGHT, claim("Mara Quist said the boats are old.", "S2"))
    some = settled(Replies(two), Says(Verdict(0.9, 0.9), Verdict(0.9, 0.1)))
    assert len(some.passed) == 2
    none = settled(Replies(two), Says(Verdict(0.9, 0.2), Verdict(0.9, 0.1)))
    assert (none.passed, {r.reason for r in none.rejected}) == ((), {"support"})
    assert "do not answer" in none.rejected[0].detail


def test_a_failing_judge_hands_over_with_a_warning_and_nothing_passes_unjudged() -> None:
    lost = Says(fails=ModelTimeout("no answer in time"), kind="decisions")
    found = settled(Replies(says(RIGHT)), lost, Says(Verdict(0.0), kind="local"))
    assert (texts(found), found.judge) == ([], "local")
    assert "decisions" in found.warnings[0]
    assert "no answer in time" in found.warnings[0]


def test_a_judge_sees_the_claim_its_sentences_and_the_header_and_nothing_else() -> None:
    judge = Says(Verdict(1.0))
    settled(Replies(says(RIGHT)), judge)
    assert judge.asked == [
        [Statement("The line cuts six sailings.", ("The line cuts six sailings.",), "Line cuts sailings | Coast Wire")]
    ]


def test_rejected_claims_are_not_judged() -> None:
    judge = Says(Verdict(1.0))
    settled(Replies(says(WRONG)), judge)
    assert judge.asked == []


def test_the_local_judge_rejects_a_true_sentence_cited_for_its_neighbours_claim() -> None:
    found = settled(Replies(says(claim("The vessels are ancient.", "S3"), RIGHT)), LocalJudge(WordLlamaEmbedder()))
    assert texts(found) == ["The line cuts six sailings."]


def test_a_model_that_agrees_with_itself_is_not_enough() -> None:
    """The chat judge may be the very model that an article has talked into a claim: words and vectors look too."""
    off = claim("Gold prices will triple and buyers should act at once.", "S3")
    found = settled(Replies(says(off, RIGHT)), Says(Verdict(1.0), kind="chat"), LocalJudge(WordLlamaEmbedder()))
    assert texts(found) == ["The line cuts six sailings."]
    assert found.judge == "chat"


# -- doubts and quotations ---------------------------------------------------------------------------------------------

DENIED = claim("The line does not cut six sailings.", "S1")
DOUBTFUL = claim("Rain could fall on the quay all day.", "S3")


def judged(states: bool, differs: str = "", *words: str) -> Verdict:
    """A verdict of the chat judge on a claim with doubts; ``words`` are those that settle them."""
    return Verdict(float(states), 1.0, differs, grounded=bool(words))


def test_a_judge_is_asked_about_the_doubts_in_plain_words() -> None:
    judge = Says(Verdict(1.0))
    settled(Replies(says(DENIED)), judge)
    (statement,) = judge.asked[0]
    assert statement.doubts
    assert "denies" in statement.doubts[0]


def test_a_doubt_that_a_judge_settles_lets_the_claim_pass_as_it_is_worded() -> None:
    found = settled(Replies(says(DOUBTFUL)), Says(judged(True, "", "Rain fell"), kind="chat"), Says(Verdict(1.0)))
    assert [(p.evidence.claim.text, p.form) for p in found.passed] == [
        ("Rain could fall on the quay all day.", "stated")
    ]


def test_a_yes_without_the_words_that_settle_a_doubt_is_not_enough() -> None:
    found = settled(Replies(says(DENIED)), Says(judged(True), kind="chat"), Says(Verdict(1.0)), relevant=True)
    assert [(p.evidence.claim.text, p.form) for p in found.passed] == [("The line cuts six sailings.", "quoted")]
    assert found.rejected[0].reason == "negation"
    assert found.lost == 0


def test_without_a_judge_that_understands_doubtful_claims_are_quoted_and_not_repaired() -> None:
    chat = Replies(says(DENIED, claim("Mara Quist said the boats are old.", "S2")))
    found = settled(chat, LocalJudge(WordLlamaEmbedder()), relevant=True)
    assert [p.form for p in found.passed] == ["stated", "quoted"]
    assert found.passed[1].evidence.claim.text == "The line cuts six sailings."
    assert len(chat.asked) == 1


def test_sentences_beside_the_question_are_not_quoted() -> None:
    found = settled(Replies(says(DENIED)), LocalJudge(WordLlamaEmbedder()), relevant=False)
    assert found.passed == ()
    assert found.lost == 1


def test_a_no_that_names_what_differs_goes_into_the_repair_and_the_repaired_claim_replaces_the_quotation() -> None:
    chat = Replies(says(DENIED), says(claim("The line cuts six sailings.", "S1")))

    class Twice(Says):
        def judge(self, question: str, statements: Sequence[Statement], limits: Limits) -> Judged:
            self.asked.append(statements)
            return Judged((self._verdicts[len(self.asked) - 1],))

    judge = Twice(judged(False, "the sentence says that it cuts them"), Verdict(1.0, 1.0), kind="chat")
    found = settled(chat, judge, Says(Verdict(1.0)), relevant=True)
    assert "the sentence says that it cuts them" in chat.asked[1][-1].content
    assert [(p.evidence.claim.text, p.form) for p in found.passed] == [("The line cuts six sailings.", "stated")]


def test_a_no_that_names_nothing_is_no_reason_to_repair_and_the_sentence_is_quoted() -> None:
    chat = Replies(says(DOUBTFUL))
    found = settled(chat, Says(judged(False), kind="chat"), Says(Verdict(1.0)), relevant=True)
    assert [(p.evidence.claim.text, p.form) for p in found.passed] == [("Rain fell on the quay all day.", "quoted")]
    assert len(chat.asked) == 1


def test_claims_that_contradict_a_premise_are_not_asked_whether_they_answer() -> None:
    questions: list[str] = []

    class Asked(Says):
        def judge(self, question: str, statements: Sequence[Statement], limits: Limits) -> Judged:
            questions.append(question)
            return super().judge(question, statements, limits)

    reply = {"answerable": False, "reason": "premise_contradicted", "claims": [RIGHT]}
    found = settled(Replies(reply), Asked(Verdict(1.0, 0.0), kind="chat"), Says(Verdict(1.0)))
    assert questions == [""]
    assert texts(found) == ["The line cuts six sailings."]


def test_the_repair_prompt_tells_reasons_that_a_model_can_act_on() -> None:
    chat = Replies(says(WRONG), says(RIGHT))
    settled(chat)
    told = chat.asked[1][-1].content
    assert '"The line cuts nine sailings." citing S1: 9 stands in no cited sentence.' in told
