"""Numbers the sentences that verified claims cite, and puts days and speakers into the claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..articles.parse import ParsedArticle
from ..model import Citation, Claim, Form, Passage, Sentence
from .attribution import attribute, said_in, unresolved_in
from .checks import speakers
from .dating import dated, moments
from .evidence import Evidence


class Numbering:
    """Numbers distinct sentences 1..n in order of first use."""

    def __init__(
        self,
        articles: Mapping[str, ParsedArticle],
        citations: tuple[Citation, ...] = (),
        answers: Mapping[tuple[str, int], tuple[int, int]] | None = None,
    ) -> None:
        """Start a numbering.

        Args:
            articles: the articles whose sentences may be cited, by id.
            citations: citations that have their numbers already.
            answers: offsets inside a sentence of the words that answer the question, by article id and sentence index.
        """
        self._articles = dict(articles)
        self._answers = answers or {}
        self._numbers = {(c.article_id, c.sentence): c for c in citations}

    def article(self, article_id: str) -> ParsedArticle:
        """An article whose sentences may be cited."""
        return self._articles[article_id]

    def know(self, pairs: Iterable[tuple[Passage, ParsedArticle]]) -> None:
        """Let sentences of further articles be cited."""
        self._articles |= {passage.article_id: article for passage, article in pairs}

    def number(self, passage: Passage) -> int:
        """The number of a passage's sentence, a new one at its first use."""
        return self._number(passage.sentence, self._articles[passage.article_id])

    def _sentence(self, article_id: str, index: int) -> int:
        article = self._articles[article_id]
        return self._number(article.sentences[index], article)

    def _number(self, sentence: Sentence, article: ParsedArticle) -> int:
        answer = self._answers.get((article.id, sentence.index))
        return self._numbers.setdefault(
            (article.id, sentence.index),
            Citation(
                number=len(self._numbers) + 1,
                article_id=article.id,
                version=article.article.version,
                sentence=sentence.index,
                start=sentence.start,
                end=sentence.end,
                quote=article.article.text[sentence.start : sentence.end],
                said=said_in(sentence, article),
                unresolved=unresolved_in(sentence, article),
                answer=(sentence.start + answer[0], sentence.start + answer[1]) if answer else None,
            ),
        ).number

    def claim(self, evidence: Evidence, support: float | None = None, form: Form = "stated") -> Claim:
        """The claim as an Answer carries it; ``support`` is a judge's probability, else the draft's own."""
        drafted, said = evidence.claim, attribute(evidence)
        when, times = dated(said.text, evidence, said.added), moments(evidence, said.spoken)
        citations = tuple(dict.fromkeys(self.number(p) for p in evidence.passages))
        introduced = ((article.id, sentence.index) for sentence, article in evidence.background)
        context = tuple(self._sentence(*origin) for origin in (*said.origins, *when.origins, *introduced))
        return Claim(
            text=when.text,
            citations=citations,
            context=tuple(n for n in dict.fromkeys(context) if n not in citations),
            resolved=when.resolved,
            speaker=said.speaker or speakers.confirmed(evidence),
            attribution=said.attribution,
            form=form,
            stated=times.stated,
            occurred=times.occurred,
            added=when.added,
            support=drafted.support if support is None else support,
        )

    def of(self, claim: Claim) -> tuple[Citation, ...]:
        """The citations of a claim, those that resolve a date or a name behind those it rests on."""
        every = self.citations
        return tuple(every[n - 1] for n in (*claim.citations, *claim.context))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._numbers.values())
