"""Speech: who says what in an article. Spans within sentences: direct, indirect; all else is the article's own.

Quotations and reported clauses are found by the words that attribute them, and their speakers by the names of the same
article: rules, because what is to be had as a library needs a parser's or a language model's weights (decision 0014).
"""

from ..spelling import name_key, names_person, same_person, variant, variants
from .cues import reports
from .utterances import Utterance, utterances

__all__ = ["Utterance", "name_key", "names_person", "reports", "same_person", "utterances", "variant", "variants"]
