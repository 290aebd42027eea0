"""The scorers: pure functions of a resolved case, an Answer and the corpus. None means "not scored", not zero.

Quality and abstention are scored separately. What an answer states and cites is scored only if there is an answer.
Whether there should have been one is scored by ``answer_rate`` and ``abstention_recall``. ``correct`` combines both
for answerable cases.

Sources: recall@k and MRR as in Manning, Raghavan, Schütze (2008), ch. 8; citation precision and recall after ALCE (Gao
et al., EMNLP 2023), but against gold sentences by exact id, where ALCE asks an entailment model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..model import Answer, Provenance, Value
from .claims import names_speaker, states_any
from .corpus import Corpus, ResolvedCase, SentenceKey
from .invariants import bad_citations, bad_quotations, quotations
from .wording import is_date

Result = tuple[bool | float | None, str]
Scorer = Callable[[ResolvedCase, Answer, Corpus], Result]


class Score(Value):
    """A named value with its explanation. A bool is yes or no, a float is an amount, None means "not scored"."""

    name: str
    value: bool | float | None
    explanation: str


def score(case: ResolvedCase, answer: Answer, corpus: Corpus) -> tuple[Score, ...]:
    """Return the scores of one answer, in the order of ``SCORERS``."""
    results = ((name, scorer(case, answer, corpus)) for name, scorer in SCORERS.items())
    return tuple(Score(name=name, value=value, explanation=why) for name, (value, why) in results)


def recall_at(k: int) -> Scorer:
    """Recall@k by article: the share of required items with an article among the first ``k`` shown."""

    def recall(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
        if not case.required:
            return None, "no gold sentences"
        first = set(_ranked_articles(answer)[:k])
        missed = [item for item in case.required if not first & {article for article, _ in item}]
        return _share(case.required, missed), _missed("not among the first articles", missed, corpus)

    return recall


def mrr(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Reciprocal rank of the first shown article with a required sentence. 0 if no such article is shown."""
    if not case.required:
        return None, "no gold sentences"
    gold = {article for item in case.required for article, _ in item}
    rank = next((n for n, article in enumerate(_ranked_articles(answer), 1) if article in gold), None)
    return (1 / rank, f"first gold article at rank {rank}") if rank else (0.0, "no gold article was shown")


def evidence_recall(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """The share of required items with a sentence among the passages shown to the drafter."""
    if not case.required:
        return None, "no gold sentences"
    shown = {(article, sentence) for _, article, sentence in answer.provenance.shown}
    missed = [item for item in case.required if not item & shown]
    return _share(case.required, missed), _missed("not shown", missed, corpus)


def fact_recall(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """The share of expected facts that the claims state."""
    if not case.case.facts or not answer.claims:
        return None, "no facts expected" if not case.case.facts else "abstained"
    missing = [item for item in case.case.facts if not states_any(answer, item)]
    names = "; ".join(" or ".join(item) for item in missing)
    return _share(case.case.facts, missing), f"missing: {names}" if missing else "all facts stated"


def forbidden(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether the claims contain nothing that is forbidden in a correct answer."""
    if not case.case.forbidden or not answer.claims:
        return None, "nothing forbidden" if not case.case.forbidden else "abstained"
    found = [phrase for phrase in case.case.forbidden if states_any(answer, [phrase])]
    return not found, f"says {', '.join(found)}" if found else "says nothing forbidden"


def calendar_date(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether the expected day is stated, in words or as a resolved date. Only for cases tagged ``calendar-date``."""
    dates = [item for item in case.case.facts if any(is_date(spelling) for spelling in item)]
    if "calendar-date" not in case.case.tags or not dates or not answer.claims:
        return None, "no calendar date expected, or abstained"
    missing = [item[0] for item in dates if not states_any(answer, item)]
    return not missing, f"does not state {', '.join(missing)}" if missing else "states the day"


def speaker(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether a claim is attributed to the right speaker: by its speaker field, or by its text if that is empty."""
    wanted = case.case.speaker
    if not wanted or not answer.claims:
        return None, "no speaker expected, or abstained"
    right = any(names_speaker(claim, wanted) for claim in answer.claims)
    return right, f"attributed to {wanted}" if right else f"no claim is attributed to {wanted}"


def correct(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether an answerable case is answered with every fact and nothing forbidden. Other cases are not scored."""
    if not case.case.answerable:
        return None, "not answerable"
    if not answer.claims:
        return False, "abstained"
    recall, missing = fact_recall(case, answer, corpus)
    allowed, found = forbidden(case, answer, corpus)
    return recall == 1 and allowed is not False, missing if recall != 1 else found


def citation_precision(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """The share of cited sentences that are gold sentences or may be cited too."""
    cited = _cited(answer)
    if not case.required or not cited:
        return None, "no gold sentences, or abstained"
    wrong = sorted(cited - case.acceptable)
    return _share(cited, wrong), f"not gold: {_named(wrong, corpus)}" if wrong else "all cited sentences are gold"


def citation_recall(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """The share of required items with a cited sentence."""
    cited = _cited(answer)
    if not case.required or not cited:
        return None, "no gold sentences, or abstained"
    missed = [item for item in case.required if not item & cited]
    return _share(case.required, missed), _missed("not cited", missed, corpus)


def citation_f1(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """The harmonic mean of citation precision and recall."""
    precision, why = citation_precision(case, answer, corpus)
    recall, _ = citation_recall(case, answer, corpus)
    if precision is None or recall is None:
        return None, why
    total = precision + recall
    return (2 * precision * recall / total if total else 0.0), f"precision {precision:.2f}, recall {recall:.2f}"


def citation_validity(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether every citation equals its sentence, character by character."""
    faults = bad_citations(answer, corpus)
    if not answer.citations:
        return None, "cites nothing"
    return not faults, "; ".join(faults) or "all citations are exact"


def quote_exactness(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether every quotation in a claim is verbatim in a sentence that the claim cites."""
    faults = bad_quotations(answer)
    if not any(quotations(claim.text) for claim in answer.claims):
        return None, "quotes nothing"
    return not faults, "; ".join(faults) or "all quotations are exact"


def answer_rate(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether an answerable case was answered. Other cases are not scored."""
    if not case.case.answerable:
        return None, "not answerable"
    return answer.abstention is None, _done(answer)


def abstention_recall(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether the system abstained from a case that cannot be answered. Other cases are not scored."""
    if case.case.answerable:
        return None, "answerable"
    return answer.abstention is not None, _done(answer)


def abstention_reason(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
    """Whether a correct abstention gives the expected reason."""
    if case.case.answerable or answer.abstention is None or case.case.abstention is None:
        return None, "no reason expected, or none given"
    given, wanted = answer.abstention.reason, case.case.abstention
    return given == wanted, f"gave {given}, expected {wanted}"


def measured(amount: Callable[[Provenance], float | None]) -> Scorer:
    """Make a scorer that reads an amount from the provenance. Unknown amounts (no model, no price) are not scored."""

    def scorer(case: ResolvedCase, answer: Answer, corpus: Corpus) -> Result:
        value = amount(answer.provenance)
        return value, "unknown" if value is None else "from the provenance"

    return scorer


def _latency(made: Provenance) -> float | None:
    return sum(ms for stage, ms in made.timings_ms.items() if not stage.endswith("_claim")) or None


def _tokens(provenance: Provenance) -> float | None:
    return float(provenance.usage.input + provenance.usage.output) if provenance.usage else None


SCORERS: Mapping[str, Scorer] = {
    "recall@1": recall_at(1),
    "recall@5": recall_at(5),
    "recall@10": recall_at(10),
    "mrr": mrr,
    "evidence_recall": evidence_recall,
    "correct": correct,
    "fact_recall": fact_recall,
    "forbidden": forbidden,
    "calendar_date": calendar_date,
    "speaker": speaker,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "citation_f1": citation_f1,
    "citation_validity": citation_validity,
    "quote_exactness": quote_exactness,
    "answer_rate": answer_rate,
    "abstention_recall": abstention_recall,
    "abstention_reason": abstention_reason,
    "latency_ms": measured(_latency),
    "tokens": measured(_tokens),
    "cost_usd": measured(lambda p: p.usage.cost_usd if p.usage else None),
}


def _ranked_articles(answer: Answer) -> list[str]:
    # Labels follow the ranking of the articles, so the order of the passages shown is the ranking.
    return list(dict.fromkeys(article for _, article, _ in answer.provenance.shown))


def _done(answer: Answer) -> str:
    return f"abstained ({answer.abstention.reason})" if answer.abstention else "answered"


def _cited(answer: Answer) -> set[SentenceKey]:
    """Return the sentences that support claims, without nearest sentences and those that only resolve a day or name."""
    return {(c.article_id, c.sentence) for claim in answer.claims for c in answer.cited(claim)}


def _share(every: Iterable[object], missed: Iterable[object]) -> float:
    total = len(list(every))
    return (total - len(list(missed))) / total


def _missed(what: str, missed: list[frozenset[SentenceKey]], corpus: Corpus) -> str:
    return f"{what}: {'; '.join(_named(sorted(item), corpus) for item in missed)}" if missed else "all found"


def _named(keys: Iterable[SentenceKey], corpus: Corpus) -> str:
    return ", ".join(f"{corpus.name(article)} #{sentence}" for article, sentence in keys)
