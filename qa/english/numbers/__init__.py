"""Numbers in English news text: what they are worth, what they are counted in, and where they stand.

text2num reads the number words. It is given nothing but a run of them: left to itself it misreads "2.5 million" and
the year "nineteen eighty-four". Everything else is our own grammar: figures and their grouping, scales, fractions,
ordinals, ranges, scores, vague multiples, units and bounds. Years, dates, clock times and codes ("Covid-19", "24/7",
"4.2.1") contain figures but count nothing. They are labels.

A text is read from left to right. One search finds where a number may begin, and patterns anchored there read on. None
of them looks further than a few words ahead or back, so the time taken grows linearly with the length of the text.
"""

from .comparing import COUNTING, compare_numbers
from .labels import Label, figures
from .quantities import Quantity, find_quantities
from .reading import Number, find_labels, find_numbers, numbers
from .terms import Kind
from .units import Bound

__all__ = [
    "COUNTING",
    "Bound",
    "Kind",
    "Label",
    "Number",
    "Quantity",
    "compare_numbers",
    "figures",
    "find_labels",
    "find_numbers",
    "find_quantities",
    "numbers",
]
