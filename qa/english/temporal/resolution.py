"""From words to days: one function for each pattern of ``grammar``. None leaves the words as they are.

A function sees the words, what stands beside them, the day and zone of publication, and the mention before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property

from ...model import When
from ..lexicon import QUARTERS, RELATIVE_DAYS
from ..regex import lazy_compile
from .calendar import FINENESS, DateRange, Unit, around, index, recurring, unit_range
from .dates import NAME_AFTER, named_days, names_month, surely_month
from .grammar import after, before
from .patterns import COUNTED, MONTH, PART_OF_DAY, WEEKDAY, YEAR, month_number, number, weekday_number
from .tense import governing_future

# A weekday or month is part of a name, or one of many, by what stands beside it.
_NAMED = lazy_compile(
    r"\b(?:Black|Red|White|Blue|Green|Good|Ash|Easter|Bloody|Super|Palm|Cyber|Maundy|Holy|Shrove|Fat|Giving|Sheffield|Ruby|Man|Mr|Mrs|Ms|Miss"
    r"|Dr|Sir|Lady)\.?\s$|[\"“‘'][A-Z]\w*\s$|\b(?:every|each|any|some|most|other|alternate|one|first|second|third|fourth|usual)\s$|\b(?:ago|later)\son\s$"
)
# What is on that day of every week, where no "on" stands before: "the Friday prayers", "Sunday work".
_WEEKLY = lazy_compile(
    r"\s(?:prayers?|work|working|premium|bonus|opening|trading|mass|services?|schools?|roast|lunch|papers?|newspapers?"
    r"|markets?|shifts?|league)\b"
)
_TO = r"\s?(?:to|through|until|[–-])\s?"
_RUNS = r"\b(?:runs?|opens?|open|closed|works?|operates?|available)\s"  # "run Monday to Friday"
_RUNS_FROM, _RUNS_UNTIL = lazy_compile(rf"{_RUNS}$"), lazy_compile(rf"{_RUNS}{WEEKDAY}{_TO}$")
_TO_WEEKDAY = lazy_compile(rf"{_TO}{WEEKDAY}")
_DEEDS = lazy_compile(
    r"\s(?:\w+\s)?(?:attacks?|bombings?|riots?|uprising|revolution|massacre|coup|killings?|disaster)\b"
)
_FRESH = 31  # days for which a deed is known by its day without the year
_FAR = 305  # days: from here on the same date of the other year is at most two months off
_RANGE_OPENS = lazy_compile(rf"\s?[–-]\s?{MONTH}")  # "April–June 2016": the year behind it is April's too
_RANGE_END = lazy_compile(r"day (?:to|until|through)\s$")
_A = lazy_compile(r"\ban?\s$")
_NOUN_AFTER = lazy_compile(rf"\s(?!(?:in|of|on|at|and|or|when|that|like|with|{PART_OF_DAY})\b)[a-z]+")
_OF_A_MONTH = lazy_compile(rf"\s(?:of|in)\s(?:the month|(?:every|each)\b)|\s{PART_OF_DAY}s\b")
_COUNTED = lazy_compile(COUNTED)
_YEAR_LEFT = lazy_compile(r"\b(?:in|since|until|till|by|before|after|during|from|year|between|through)\s$", re.I)
_YEAR_RANGE = lazy_compile(rf"\b(?:from|between)\s{YEAR}\s(?:to|and)\s$", re.I)
_DETERMINER = lazy_compile(r"(?:\b(?:the|a|its|his|her|their)|['’]s)\s$", re.I)
_YEAR_NOUN = lazy_compile(r"\s(?!people|men|women|children)(?:[a-z]+[^s\W]\b|elections\b|Olympics\b|season\b)")
_ABOUT = lazy_compile(
    r"\b(?:than|about|nearly|almost|over|around|roughly|some|least|most|under|to|or|half|barely|only|well over)\s$",
    re.I,
)
_OWN = lazy_compile(r"\b(?:the|its|his|her|their|your|our|my|very|these)\s$", re.I)
_LOOSE = lazy_compile(r"\s*(?:$|[.,;:!?)\]”\"’–—]|(?:and|but|in|at|when|by|while|or|for|with)\b)")
_WEEKEND_LEFT = lazy_compile(
    r"\b(?:over|at|on|during|for|since|until|till|before|after|through|throughout|ahead of|by|of)\s$", re.I
)
_ADJECTIVE = lazy_compile(r"\b(?:an?|the|its|their|his|her|every|of)\s$", re.I)
_OF_THE_DAY = lazy_compile(r"['’]s\s")
_AFTER = lazy_compile(r"\b[Aa]fter\s(?:the\s)?$")
_BECAUSE = lazy_compile(r"\b(?:because of|due to|following|in the wake of|over|since)\s$", re.I)
_FISCAL = lazy_compile(r"\b(?:fiscal|financial)\s(?:year\s)?$|\b(?:a|one|another)\s$", re.I)


@dataclass(frozen=True)
class TimeCandidate:
    """A candidate: the match of its rule in a text, and what it may be resolved against."""

    text: str
    match: re.Match[str]
    published: date
    known: bool  # False: there is no publication date, and ``published`` is a stand-in not to be used
    zone: tzinfo | None
    anchor: When | None

    def get(self, *names: str) -> str:
        """The first of these groups that took part, in lower case, else the empty string."""
        groups = self.match.re.groupindex
        return next((self.match[n].lower() for n in names if n in groups and self.match[n]), "")

    @property
    def left(self) -> str:
        """What stands before the words."""
        return before(self.match)

    @property
    def right(self) -> str:
        """What stands after the words."""
        return after(self.match)

    @cached_property
    def future(self) -> bool:
        """Whether the verb around the words looks ahead."""
        return governing_future(self.text, self.match.start(), self.match.end())


def resolve(found: TimeCandidate, rule: str) -> tuple[DateRange, bool] | None:
    """The days a candidate names, and whether that took the publication date or an anchor; None if it names none."""
    absolute = bool(found.get("iso", "year", "year_us", "number"))
    if not absolute and not found.known and rule not in ("later", "told"):
        return None
    try:
        days = _RULES[rule](found)
    except (ValueError, OverflowError):  # no such day, or one outside the calendar
        return None
    return (days, not absolute) if days else None


def _date(found: TimeCandidate) -> DateRange | None:
    named = named_days(found.match)
    month, year, first, last = named[0].month, named[0].year, named[0].day or 0, named[-1].day or 0
    if shift := found.get("shift"):
        year = year or found.published.year + _SHIFT[shift]
    if year:
        return _days(year, month, first, last)
    if re.search(r"\b[Tt]he\s$", found.left) and NAME_AFTER.match(found.right):
        return None  # the April 9 Movement
    days = _nearest_year(found, month, first, last)
    # "The Sept 11 attacks": a deed known by its day was done in a year that the words leave open, unless it is news.
    fresh = days is None or 0 <= (found.published - days.start).days <= _FRESH
    return days if fresh or not _DEEDS.match(found.right) else None


def _nearest_year(found: TimeCandidate, month: int, first: int, last: int) -> DateRange | None:
    """A day without its year: the last one or the next by the verb around it, but one that falls on the weekday named.

    The verb gives way to the calendar: of a day that is weeks off on one side and most of a year on the other, news
    leaves out the year on the near side only ("gave up the target of March 17", written on March 7).
    """
    now = found.published
    near = [s for year in (now.year, now.year - 1, now.year + 1) if (s := _try_days(year, month, first, last))]
    ahead = sorted(s for s in near if s.end >= now)[:1]
    behind = sorted(s for s in near if s.start <= now)[-1:]
    fitting = ahead if found.future else behind
    if ahead and behind and fitting and abs((fitting[0].start - now).days) > _FAR:
        fitting = [min(*ahead, *behind, key=lambda s: abs((s.start - now).days))]
    if named := found.get("named"):
        weekday = weekday_number(named)
        fitting = [s for s in [*fitting, *near] if s.start.weekday() == weekday] or fitting
    return fitting[0] if fitting else None


def _try_days(year: int, month: int, first: int, last: int) -> DateRange | None:
    try:
        return _days(year, month, first, last)
    except ValueError:  # 29 February, or beyond the calendar
        return None


def _days(year: int, month: int, first: int, last: int) -> DateRange | None:
    days = DateRange(date(year, month, first), date(year, month, last), "day")
    return days if days.start <= days.end else None


def _weekday(found: TimeCandidate) -> DateRange | None:
    if _NAMED.search(found.left) or _OF_A_MONTH.match(found.right):
        return None
    if not _on(found) and (_WEEKLY.match(found.right) or _recurs(found)):
        return None
    which, shift = found.get("which"), found.get("shift")
    if not which and not found.get("lead") and NAME_AFTER.match(found.right) and not _on(found):
        return None  # the Sunday Herald, the Friday Club
    if _A.search(found.left) and not _NOUN_AFTER.match(found.right):
        return None
    if which == "last" and re.match(r"\s(?:of|in)\s", found.right):
        return None
    position = weekday_number(found.get("weekday", "short"))
    week, far = index(found.published, "week"), _far(found)
    if far:
        return _weeks_on(found, position, far)
    if shift or which in ("next", "this"):
        return unit_range("day", (week + _SHIFT[shift or which]) * 7 + position)
    now = index(found.published, "day")
    if which in ("following", "previous"):
        base = _base(found, "day", later=which == "following")
        return unit_range("day", recurring(position, 7, base, which == "following", strictly=True)) if base else None
    future = "coming" in which or (which not in ("last", "past", "this past") and found.future)
    if future and not which and _OF_THE_DAY.match(found.right):
        if _AFTER.search(found.left):
            return (
                None  # "will reopen after Monday's fire", "will decide after Monday's vote": nothing tells which Monday
            )
        future = not _BECAUSE.search(found.left)
    # A Thursday's story that looks ahead to "Thursday" means its own day: a week later would be "next Thursday". Not so
    # the end of a range: "from Monday to Wednesday", written on a Wednesday.
    today_too = not which and not (future and _RANGE_END.search(found.left))
    return unit_range("day", recurring(position, 7, now, future, strictly=not today_too))


def _recurs(found: TimeCandidate) -> bool:
    """Whether the words are an end of a range of days that comes round: "run Monday to Friday"."""
    begins = _TO_WEEKDAY.match(found.right) and _RUNS_FROM.search(found.left)
    return bool(begins or _RUNS_UNTIL.search(found.left))


def _far(found: TimeCandidate) -> int:
    """How many days beyond the day named "a week on Tuesday" and "Tuesday fortnight" reach; 0 for others."""
    words = found.get("far", "further")
    return 14 if words.endswith("fortnight") else 7 if words else 0


def _weeks_on(found: TimeCandidate, weekday: int, far: int) -> DateRange | None:
    """ "Tuesday week", a week after the next Tuesday, and "a week last Tuesday". On a Tuesday the words are unclear."""
    now, which = index(found.published, "day"), found.get("which")
    past = which in ("last", "past", "this past")
    if found.published.weekday() == weekday and not which:
        return None
    near = recurring(weekday, 7, now, not past, strictly=True)
    return unit_range("day", near - far if past else near + far)


def _on(found: TimeCandidate) -> bool:
    """Whether a preposition of time and no article stands before: "on Tuesday Ms Orr said", not "the Tuesday Club"."""
    return bool(re.search(r"\b(?:[Oo]n|[Ll]ate|[Ee]arly|[Ss]ince|[Uu]ntil|[Bb]y)\s$", found.left))


def _near(found: TimeCandidate) -> DateRange | None:
    words = found.get("near")
    if re.search(r"\bof\s$|\bUSA\s$", found.left) or re.match(r"\s(?:programme|show)\b", found.right):
        return None
    if words[0] == "t" and found.match["near"][0].isupper() and re.match(r"(?:['’]s)?\s[A-Z]", found.right):
        return None
    plain = " ".join(words.removeprefix("the").split())
    offset = RELATIVE_DAYS.get(plain, -1 if plain.startswith("last") else 0)  # "last night", "this morning"
    if far := _far(found):
        if not offset and not found.future:
            return None  # "a week today" since it closed, or until it opens
        offset += far if offset >= 0 else -far
    return around(found.published, "day", offset)


def _overnight(found: TimeCandidate) -> DateRange | None:
    noun = _ADJECTIVE.search(found.left) or re.match(r"\s(?:on|from|into|to)\s(?:[A-Z]|the)", found.right)
    if noun:
        return None
    today = index(found.published, "day")
    first = today if found.future else today - 1
    return DateRange(unit_range("day", first).start, unit_range("day", first + 1).end, "day")


def _weekend(found: TimeCandidate) -> DateRange | None:
    which = found.get("which")
    if which == "the" and not _WEEKEND_LEFT.search(found.left) and found.left:
        return None
    if which in ("next", "this"):
        saturday = (index(found.published, "week") + _SHIFT[which]) * 7 + 5
    else:
        future = "coming" in which or (which == "the" and found.future)
        # On Saturday the coming weekend has begun, but its Sunday is still to come; on Sunday the last one is not over.
        now = index(found.published, "day")
        past_one = which in ("last", "past", "this past")
        saturday = recurring(5, 7, now, future) if future else recurring(5, 7, now - (2 if past_one else 0), False)
    return DateRange(unit_range("day", saturday).start, unit_range("day", saturday + 1).end, "day")


def _running(found: TimeCandidate) -> DateRange | None:
    which, lead = found.get("which"), found.get("lead")
    unit: Unit = found.get("unit")  # type: ignore[assignment]
    if which != "this" and _OWN.search(found.left):
        return None  # "the last week" are the seven days before
    days = around(found.published, unit, _SHIFT[which])
    if which == "this" and lead == "earlier":
        return days._replace(end=found.published)
    return days._replace(start=found.published) if which == "this" and lead == "later" else days


def _ago(found: TimeCandidate) -> DateRange | None:
    if _ABOUT.search(found.left) or found.get("sharp"):
        return None
    return around(found.published, found.get("unit"), -number(found.get("count")))  # type: ignore[arg-type]


def _hence(found: TimeCandidate) -> DateRange | None:
    if _ABOUT.search(found.left):
        return None
    return around(found.published, found.get("unit"), number(found.get("count")))  # type: ignore[arg-type]


def _later(found: TimeCandidate) -> DateRange | None:
    unit, way = found.get("unit"), found.get("way")
    if (
        _ABOUT.search(found.left)
        or re.match(r"\sthan\b", found.right)
        or (way == "before" and not _LOOSE.match(found.right))
    ):
        return None
    later = way in ("later", "afterwards")
    base = _base(found, unit, later=later)  # type: ignore[arg-type]
    count = number(found.get("count"))
    return unit_range(unit, base + (count if later else -count)) if base is not None else None  # type: ignore[arg-type]


def _told(found: TimeCandidate) -> DateRange | None:
    part, way = found.get("part", "beside"), found.get("way", "side", "that")
    if (found.get("side") and not _LOOSE.match(found.right)) or re.match(r"\sas\b|\sor\s(?:two|so)", found.right):
        return None
    if way == "that" and re.search(r"\b(?:said|says|know|knew|so)\s$", found.left):
        return None
    unit: Unit = part if part in ("week", "month", "quarter", "year") else "day"  # type: ignore[assignment]
    if way == "next" and unit != "day":
        return None  # "the next week" runs from now on
    offset = {"previous": -1, "before": -1, "following": 1, "next": 1, "after": 1}.get(way, 0)
    base = _base(found, unit, later=offset >= 0)
    return unit_range(unit, base + offset) if base is not None else None


def _base(found: TimeCandidate, unit: Unit, *, later: bool) -> int | None:
    """The unit the mention before is in, if that one is as exact as the unit: its end for what is later."""
    anchor = found.anchor
    if anchor is None or FINENESS.index(anchor.precision) > FINENESS.index(unit):
        return None
    return index(anchor.end if later else anchor.start, unit)


def _quarter(found: TimeCandidate) -> DateRange | None:
    if _FISCAL.search(found.left) or re.match(r"\s(?:of\s(?:a|an|all|the)\b|century)", found.right):
        return None
    position = (QUARTERS.get(found.get("ordinal")) or int(found.get("figure"))) - 1
    if (year := _year_given(found)) is not None:
        return unit_range("quarter", year * 4 + position)
    return unit_range("quarter", recurring(position, 4, index(found.published, "quarter"), found.future))


def _season(_: TimeCandidate) -> DateRange | None:
    """A season names no days: it comes half a year later on the other half of the earth."""
    return None


def _month(found: TimeCandidate) -> DateRange | None:
    name, which = found.match["name"], found.get("which")
    month = month_number(name)
    if (year := _year_given(found)) is not None:
        return unit_range("month", year * 12 + month - 1)
    now = index(found.published, "month")
    if which == "that":
        base = _base(found, "month", later=True)
        return unit_range("month", recurring(month - 1, 12, base, True)) if base is not None else None
    if which == "this":
        return unit_range("month", found.published.year * 12 + month - 1)
    if _RANGE_OPENS.match(found.right):
        return None
    if which:
        return unit_range("month", recurring(month - 1, 12, now, which == "next", strictly=True))
    if not names_month(found.match):
        return None
    if name == "May" and not surely_month(found.match) and not re.search(r"\b(?:by|of)\s$", found.left):
        return None  # "after May" may be after somebody
    meant = recurring(month - 1, 12, now, found.future)
    if abs(meant - now) > _FAR // 31 and _EDGE.search(found.left):
        meant = recurring(month - 1, 12, now, not found.future)  # on the far side nobody leaves the year out
    return unit_range("month", meant)


_EDGE = lazy_compile(r"\b(?:early|late|expected|until|before)\s(?:in\s)?$")


def _year(found: TimeCandidate) -> DateRange | None:
    if _COUNTED.match(found.right) or _FISCAL.search(found.left):
        return None
    narrowed = found.match.start("number") > found.match.start()
    modifier = _DETERMINER.search(found.left) and _YEAR_NOUN.match(found.right)
    if not (narrowed or _YEAR_LEFT.search(found.left) or _YEAR_RANGE.search(found.left) or modifier):
        return None
    return unit_range("year", int(found.get("number")))


def _year_given(found: TimeCandidate) -> int | None:
    if year := found.get("year"):
        return int(year)
    return found.published.year + _SHIFT[shift] if (shift := found.get("shift")) else None


_SHIFT = {"last": -1, "this": 0, "next": 1}
COUNTING = frozenset({"later", "told", "weekday", "month"})
"""The rules that may count from the mention before: "two days later", "that night", "the following Monday"."""

_RULES: dict[str, Callable[[TimeCandidate], DateRange | None]] = {
    "date": _date,
    "weekday": _weekday,
    "near": _near,
    "overnight": _overnight,
    "weekend": _weekend,
    "running": _running,
    "ago": _ago,
    "later": _later,
    "hence": _hence,
    "told": _told,
    "quarter": _quarter,
    "season": _season,
    "month": _month,
    "year": _year,
}
