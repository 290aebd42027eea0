"""When: the times a text names, resolved against the day and zone its article was published in.

*Published*, *stated* and *occurred* stay apart: here the words of an article ("on Wednesday", "last month", "two days
later") get the days they stand for, with a precision, and words that cannot be resolved are left alone.

Method: spans are found by patterns and normalised by arithmetic, after TIMEX3 (TimeML; Pustejovsky et al. 2003) and
HeidelTime's strategy for news (Strötgen & Gertz 2010): publication is the reference, the governing verb's tense tells
the direction, and "two days later" counts from the nearest time named before. No parser of dates is used:
dateparser reads single dates well, but knows neither weeks, weekends and quarters as ranges nor the verb around them;
only the calendar date would be left to it, for half a second's import.
"""

from .expressions import TimeExpression, time_expressions
from .periods import question_range
from .tense import governing_future

__all__ = ["TimeExpression", "governing_future", "question_range", "time_expressions"]
