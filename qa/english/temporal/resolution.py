"""From words to days: one function for each pattern of ``grammar``. None leaves the words as they are.

A function sees the words, what stands beside them, the day and zone of publication, and the mention before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property
from typing import NamedTuple

from ...model import When
from ..inflection import PASTS
from ..lexicon import (
    DETERMINERS,
    NATIONALITIES,
    OFFICES,
    PROSPECTIVE,
    QUARTERS,
    RELATIVE_DAYS,
    SCHEDULED,
    SEASONS,
    any_of,
    capitalised,
)
from ..regex import lazy_compile
from .calendar import FINENESS, DateRange, Unit, around, index, recurring, unit_range
from .dates import NAME_AFTER, named_days, names_month, surely_month
from .grammar import after, before
from .patterns import COUNTED, MONTH, PART_OF_DAY, WEEKDAY, YEAR, month_number, number, weekday_number
from .tense import governing_tense

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
_LATELY = 3  # days for which a plan told of in the past may just have come about
_RATHER_FAR = 240  # days: from here on the same date of the other year is at most four months off
_FAR = 305  # days: from here on the same date of the other year is at most two months off
_RANGE_OPENS = lazy_compile(rf"\s?[–-]\s?{MONTH}")  # "April–June 2016": the year behind it is April's too
_RANGE_END = lazy_compile(r"day (?:to|until|through)\s$")
_A = lazy_compile(r"\ban?\s$")
_NOUN_AFTER = lazy_compile(rf"\s(?!(?:in|of|on|at|and|or|when|that|like|with|{PART_OF_DAY})\b)[a-z]+")
_OF_A_MONTH = lazy_compile(rf"\s(?:of|in)\s(?:the month|(?:every|each)\b)|\s{PART_OF_DAY}s\b")
_LAST_OF = lazy_compile(rf"\sof\s|\sin\s(?:{MONTH}|(?:the|an?|any|each|every)\s(?:month|season|year)\b)")
_IN = lazy_compile(r"\sin\s")
_COUNTED = lazy_compile(COUNTED)
_YEAR_LEFT = lazy_compile(
    r"\b(?:in|since|until|till|by|before|after|during|from|year|between|through|throughout)\s$", re.I
)
_END_OF = lazy_compile(r"\b(?:end|start|beginning|middle|close|turn|rest) of\s$", re.I)
_NO_YEAR = lazy_compile(r"/\d|\sor\s(?:newer|older)\b")  # "2016/17", "a 2000 or older model"
_YEARLY = lazy_compile(
    r"\b(?:every|each|any)\s(?:other\s|second\s)?year,?\s(?:in|on|around)\s$"
    r"|\b(?:annually|yearly),?\s(?:in|on|around)\s$",
    re.I,
)
_YEAR_RANGE = lazy_compile(rf"\b(?:from|between)\s{YEAR}\s(?:to|and)\s$", re.I)
_DETERMINER = lazy_compile(r"(?:\b(?:the|a|its|his|her|their)|['’]s)\s$", re.I)
_YEAR_NOUN = lazy_compile(r"\s(?!people|men|women|children)(?:[a-z]+[^s\W]\b|elections\b|Olympics\b|season\b)")
_ABOUT = lazy_compile(
    r"\b(?:than|about|nearly|almost|over|around|roughly|some|least|most|under|to|or|half|barely|well over)\s$",
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
_FISCAL_YEAR = lazy_compile(r"\b(?:fiscal|financial)\s(?:year\s)?$|\b(?:one|another)\s$", re.I)
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
    def left_far(self) -> str:
        """What stands before the words, farther back."""
        return self.text[max(0, self.match.start() - _FAR_BACK) : self.match.start()]

    @property
    def right(self) -> str:
        """What stands after the words."""
        return after(self.match)

    @cached_property
    def future(self) -> bool:
        """Whether the verb around the words looks ahead."""
        return self.tense is True

    @cached_property
    def tense(self) -> bool | None:
        """The same; None where no verb tells whether something is past or to come."""
        return governing_tense(self.text, self.match.start(), self.match.end())


class Open(NamedTuple):
    """Words that name days, but may name those of any of the ``candidates``."""

    candidates: tuple[DateRange, ...]


Days = DateRange | Open | None


def resolve(found: TimeCandidate, rule: str) -> tuple[DateRange | Open, bool] | None:
    """The days a candidate names, and whether that took the publication date or an anchor; None if it names none.

    Words that may name several days are ``Open``.
    """
    absolute = bool(found.get("iso", "year", "year_us", "number"))
    if not absolute and not found.known and rule not in ("later", "told"):
        return None
    try:
        days = _RULES[rule](found)
    except (ValueError, OverflowError):  # no such day, or one outside the calendar
        return None
    return (days, not absolute) if days else None


def _open(*candidates: DateRange | None) -> Open | None:
    """What may be any of these; nothing if that is nothing."""
    known = tuple(dict.fromkeys(days for days in candidates if days))
    return Open(known) if known else None


def _figures(found: TimeCandidate) -> Days:
    """ "03/04/2026": the day or the month may stand first. Only one of them can be over twelve."""
    one, two, year = int(found.get("one")), int(found.get("two")), int(found.get("year"))
    both = [
        days for month, day in ((two, one), (one, two)) if month <= 12 and (days := _try_days(year, month, day, day))
    ]
    return both[0] if len(set(both)) == 1 else _open(*both)


def _date(found: TimeCandidate) -> Days:
    if found.get("pair", "pair_us"):
        return _pair(found)
    named = named_days(found.match)
    month, year, first, last = named[0].month, named[0].year, named[0].day or 0, named[-1].day or 0
    if shift := found.get("shift"):
        year = year or found.published.year + _SHIFT[shift]
    if year:
        return _days(year, month, first, last)
    if re.search(r"\b[Tt]he\s$", found.left) and NAME_AFTER.match(found.right):
        return None  # the April 9 Movement
    if _YEARLY.search(found.left_far):
        return None  # "every year on 5 November"
    days = _nearest_year(found, month, first, last)
    known = days.candidates if isinstance(days, Open) else (days,) if days else ()
    if (stated := _stated_year(found)) and known and {one.start.year for one in known} != {stated}:
        other = _try_days(stated, month, first, last)
        return other if _YEAR_OPENS.match(_clause_left(found)) else _open(other, *known)
    if isinstance(days, Open):
        return days
    # "The Sept 11 attacks": a deed known by its day was done in a year that the words leave open, unless it is news.
    fresh = days is None or 0 <= (found.published - days.start).days <= _FRESH
    return days if fresh or not _DEEDS.match(found.right) else None


def _pair(found: TimeCandidate) -> Days:
    """ "5 and 6 December": two days that follow each other are a range; others are not one."""
    named = named_days(found.match)
    year, month, low, high = named[0].year, named[0].month, named[0].day or 0, named[-1].day or 0
    if high - low != 1:
        return None
    return _days(year, month, low, high) if year else _nearest_year(found, month, low, high)


def _clause_left(found: TimeCandidate) -> str:
    """What stands before the words in their sentence."""
    return _STOP.split(found.text[: found.match.start()])[-1]


def _stated_year(found: TimeCandidate) -> int | None:
    """The one year that the sentence names before a day without a year: "In 2019, … on February 6"."""
    left = _clause_left(found)
    years = set(_IN_YEAR.findall(left if _YEAR_OPENS.match(left) else left.rpartition(",")[2]))
    return int(years.pop()) if len(years) == 1 else None


def _nearest(found: TimeCandidate, days: Sequence[DateRange]) -> DateRange:
    """Of days the ones nearest to publication."""
    return min(days, key=lambda one: abs((one.start - found.published).days))


def _surely_ahead(found: TimeCandidate) -> bool | None:
    """Whether the words right before a day say that it lies ahead: "will open on"; None if only some verb says so."""
    if not found.future or re.search(r"\bof\s$", found.left):
        return False  # "gave up the target of March 17", "an appeal against the verdict of 12 April"
    return True if _WILL.search(found.left_far) else None


def _nearest_year(found: TimeCandidate, month: int, first: int, last: int) -> Days:
    """A day without its year: the last one or the next by the verb around it, but one that falls on the weekday named.

    Of a day that is weeks off on one side and most of a year on the other, news leaves out the year on the near side
    only ("gave up the target of March 17", written on March 7). So where the verb says otherwise, the day is open,
    unless it follows at once ("will open on 12 April").
    """
    now = found.published
    near = [s for year in (now.year, now.year - 1, now.year + 1) if (s := _try_days(year, month, first, last))]
    ahead = sorted(s for s in near if s.end >= now)[:1]
    behind = sorted(s for s in near if s.start <= now)[-1:]
    fitting = ahead if found.future else behind
    if ahead and behind and _MOVED_FROM.search(found.left_far):
        fitting = [_nearest(found, [*ahead, *behind])]  # what a plan was put off from may be over or not
    elif ahead and behind and _RATHER_FAR < abs((fitting[0].start - now).days) <= _FAR and not found.get("named"):
        if not (_surely_ahead(found) if found.future else _DONE_ON.search(found.left_far)):
            return _open(*ahead, *behind)  # "his resignation on 21 November", written in September
    elif ahead and behind and abs((fitting[0].start - now).days) > _FAR:
        near_side = _nearest(found, [*ahead, *behind])
        if near_side not in fitting and (sure := _surely_ahead(found)) is not True:
            fitting = [near_side]
            if sure is None and not found.get("named"):
                return _open(*ahead, *behind)
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


def _weekday(found: TimeCandidate) -> Days:
    if _NAMED.search(found.left) or _OF_A_MONTH.match(found.right):
        return None
    if not _on(found) and (_WEEKLY.match(found.right) or _recurs(found)):
        return None
    which, shift = found.get("which"), found.get("shift")
    if not which and not found.get("lead") and NAME_AFTER.match(found.right) and not _on(found):
        return None  # the Sunday Herald, the Friday Club
    if _A.search(found.left) and not _NOUN_AFTER.match(found.right):
        return None
    if which == "last" and (_LAST_OF.match(found.right) or (_OWN.search(found.left) and _IN.match(found.right))):
        return None
    position = weekday_number(found.get("weekday", "short"))
    week, far = index(found.published, "week"), _far(found)
    if far:
        return _weeks_on(found, position, far)
    now = index(found.published, "day")
    if shift or which in ("next", "this"):
        meant = (week + _SHIFT[shift or which]) * 7 + position
        # "This Sunday he crossed the Channel", written on a Tuesday: the one before.
        return unit_range("day", meant - 7 if which == "this" and meant > now and _is_over(found) else meant)
    if which in ("following", "previous"):
        base = _base(found, "day", later=which == "following")
        return unit_range("day", recurring(position, 7, base, which == "following", strictly=True)) if base else None
    if not which and (unclear := _either_week(found, position)):
        return unclear
    future = "coming" in which or (which not in ("last", "past", "this past") and found.future)
    if future and not which and _OF_THE_DAY.match(found.right):
        if _AFTER.search(found.left):
            # "Will reopen after Monday's fire", "will decide after Monday's vote": nothing tells which Monday.
            return _open(*_around(found, position))
        future = not _BECAUSE.search(found.left)
    # A Thursday's story that looks ahead to "Thursday" means its own day: a week later would be "next Thursday". Not so
    # the end of a range: "from Monday to Wednesday", written on a Wednesday.
    today_too = not which and not (future and _RANGE_END.search(found.left))
    return unit_range("day", recurring(position, 7, now, future, strictly=not today_too))


def _is_over(found: TimeCandidate) -> bool:
    """Whether the verb says that "this Sunday" is over: not in "the fair is held this weekend"."""
    return found.tense is False and not _BEING_DONE.search(found.left_far)


def _around(found: TimeCandidate, weekday: int) -> list[DateRange]:
    """The last such weekday and the next."""
    now = index(found.published, "day")
    return [unit_range("day", recurring(weekday, 7, now, ahead)) for ahead in (False, True)]


def _either_week(found: TimeCandidate, weekday: int) -> Days:
    """The weekday that is nearer, of a plan that was put off; both, where no verb tells which is meant."""
    if _MOVED_FROM.search(found.left_far):
        return _nearest(found, _around(found, weekday))
    around = _around(found, weekday)
    if _WAS_TO.search(found.left_far) and 0 < (found.published - around[0].start).days <= _LATELY:
        return _open(*around)  # "was to open on Wednesday", written on a Friday: it may be over or not
    if found.tense is None and _PREDICATE.search(found.left_far) and found.published.weekday() != weekday:
        return _open(*_around(found, weekday))  # "the referee retires on Thursday", "the rules apply from Friday"
    return None


def _recurs(found: TimeCandidate) -> bool:
    """Whether the words are an end of a range of days that comes round: "run Monday to Friday"."""
    begins = _TO_WEEKDAY.match(found.right) and _RUNS_FROM.search(found.left)
    return bool(begins or _RUNS_UNTIL.search(found.left))


def _far(found: TimeCandidate) -> int:
    """How many days beyond the day named "a week on Tuesday" and "Tuesday fortnight" reach; 0 for others."""
    words = found.get("far", "further")
    return 14 if words.endswith("fortnight") else 7 if words else 0


def _weeks_on(found: TimeCandidate, weekday: int, far: int) -> Days:
    """ "Tuesday week", a week after the next Tuesday, and "a week last Tuesday". On a Tuesday the words are unclear."""
    now, which = index(found.published, "day"), found.get("which")
    past = which in ("last", "past", "this past")
    if found.published.weekday() == weekday and not which:
        return _open(unit_range("day", now + far), unit_range("day", now + 7 + far))
    near = recurring(weekday, 7, now, not past, strictly=True)
    return unit_range("day", near - far if past else near + far)


def _on(found: TimeCandidate) -> bool:
    """Whether a preposition of time and no article stands before: "on Tuesday Ms Orr said", not "the Tuesday Club"."""
    return bool(re.search(r"\b(?:[Oo]n|[Ll]ate|[Ee]arly|[Ss]ince|[Uu]ntil|[Bb]y)\s$", found.left))


# "The person I am today", "what it is today": these days, and no day.
_NOWADAYS = lazy_compile(
    r"\b(?:as|country|man|people|person|place|way|what|where|who|woman)\s(?:I|we|you|he|she|it|they)\s(?:am|are|is)\s$"
)


_CAPITAL = lazy_compile(r"(?:['’]s)?\s[A-Z]")
_OFFICIAL = lazy_compile(rf"\s(?:{any_of(capitalised(NATIONALITIES))}\s)?(?:\w+\s)?{any_of(capitalised(OFFICES))}\b")
_OPENS = lazy_compile(r"(?:^|[.!?]['\"”’)]*\s+|\n)$")


def _near(found: TimeCandidate) -> Days:
    words = found.get("near")
    if (
        re.search(r"(?<!\b[Aa]s\s)(?<!\bearly\shours\s)(?<!\bsmall\shours\s)\bof\s$|\bUSA\s$", found.left)
        or _NOWADAYS.search(found.left)
        or re.match(r"\s(?:programme|show)\b", found.right)
    ):
        return None
    capital = words[0] == "t" and found.match["near"][0].isupper() and _CAPITAL.match(found.right)
    if capital and not (_OPENS.search(found.left) and _OFFICIAL.match(found.right)):
        return None  # "the Today Programme", but "Today Foreign Minister Ada Holm announced"
    plain = " ".join(words.removeprefix("the").split())
    offset = RELATIVE_DAYS.get(plain, -1 if plain.startswith("last") else 0)  # "last night", "this morning"
    if far := _far(found):
        if not offset and not found.future:
            # "A week today" since it closed, or until it opens.
            return _open(*(around(found.published, "day", days) for days in (-far, far)))
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
        if which == "this" and saturday > index(found.published, "day") and _is_over(found):
            saturday -= 7  # "a storm formed this weekend", written on a Tuesday
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
    part, way = found.get("part", "beside", "within"), found.get("way", "side", "that")
    if (found.get("side") and not _LOOSE.match(found.right)) or re.match(r"\sas\b|\sor\s(?:two|so)", found.right):
        return None
    if way == "same" and _SAME_EACH.search(found.left):
        return None  # "they did not leave on the same day"
    if way == "that" and re.search(r"\b(?:said|says|know|knew|so)\s$", found.left):
        return None
    unit: Unit = part if part in ("week", "month", "quarter", "year") else "day"  # type: ignore[assignment]
    if way == "next" and unit != "day":
        return None  # "the next week" runs from now on
    offset = {"previous": -1, "before": -1, "following": 1, "next": 1, "after": 1}.get(way, 0)
    base = _base(found, unit, later=offset >= 0)
    return unit_range(unit, base + offset) if base is not None else None


_SAME_EACH = lazy_compile(r"\b(?:not|never|n['’]t|all|both|each|ever)\s(?:\w+\s){0,2}(?:on\s)?$")


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


def _season(found: TimeCandidate) -> Open | None:
    """A season leaves its days open: it comes half a year later on the other half of the earth."""
    words = found.match.group().lower().split()
    season = next((name for name in SEASONS if name in words), None)
    if season is None or (words[0] not in ("the", "last", "this", "next") and not _IN_SEASON.search(found.left)):
        return None  # "rates fall", "a summer job"
    opens = {"winter": 12, "spring": 3, "summer": 6}.get(season, 9)
    year = _year_given(found)
    return _open(*(_quarter_of(found, month, year) for month in (opens, (opens + 5) % 12 + 1)))


_IN_SEASON = lazy_compile(r"\b(?:in|during|since|until|by|before|after|early|late|of|from|for)\s$", re.I)


def _quarter_of(found: TimeCandidate, opens: int, year: int | None) -> DateRange:
    """The three months from month ``opens`` on: of this year, else the last ones or the next by the verb."""
    now = index(found.published, "month")
    which = found.match.group().lower().split()[0]
    first = year * 12 + opens - 1 if year else recurring(opens - 1, 12, now, found.future or which == "next")
    start, end = unit_range("month", first), unit_range("month", first + 2)
    return DateRange(start.start, end.end, "quarter")


def _month(found: TimeCandidate) -> Days:
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
    if _RANGE_OPENS.match(found.right) or _YEARLY.search(found.left_far):
        return None
    if "coming" in which:
        return unit_range("month", recurring(month - 1, 12, now, True))
    if which:
        return unit_range("month", recurring(month - 1, 12, now, which == "next", strictly=True))
    if not names_month(found.match):
        return None
    if name == "May" and not surely_month(found.match) and not re.search(r"\b(?:by|of)\s$", found.left):
        return None  # "after May" may be after somebody
    meant = recurring(month - 1, 12, now, found.future)
    if _MOVED_FROM.search(found.left_far) or (found.tense is None and abs(meant - now) > _FAR // 31):
        meant = min((recurring(month - 1, 12, now, ahead) for ahead in (False, True)), key=lambda n: abs(n - now))
    if (stated := _stated_year(found)) and meant // 12 != stated:
        other = unit_range("month", stated * 12 + month - 1)
        return other if _YEAR_OPENS.match(_clause_left(found)) else _open(other, unit_range("month", meant))
    if abs(meant - now) > _FAR // 31 and _EDGE.search(found.left) and (sure := _surely_ahead(found)) is not True:
        near_side = recurring(month - 1, 12, now, not found.future)  # on the far side nobody leaves the year out
        return unit_range("month", near_side) if sure is False else _open(*map(_month_at, (near_side, meant)))
    return unit_range("month", meant)


def _month_at(number: int) -> DateRange | None:
    return unit_range("month", number)


_IN_YEAR = lazy_compile(rf"\b(?:[Ii]n|[Dd]uring)\s({YEAR})\b")
_YEAR_OPENS = lazy_compile(rf"\W*(?:In|During)\s{YEAR}\b")
_STOP = lazy_compile(r"[.!?;]['\"”’)]*\s+(?=['\"“‘(]?[A-Z])")
_FAR_BACK = 90  # characters
# "Put back from 1 June", "was to have begun on 4 July": the day of a plan that holds no longer.
_MOVED_FROM = lazy_compile(
    r"\b(?:put (?:back|off)|push(?:ed)? back|moved|postponed|delayed|deferred|rescheduled|brought forward|slipped"
    r"|extended|shifted|changed)\b[^.;]{0,40}?\bfrom\s(?:the\s)?$"
    r"|\b(?:was|were|had been) to have \w+ (?:on|in|at)\s$"
    r"|\b(?:originally|initially|first|previously) (?:due|expected|planned|scheduled|set)\b"
    r"[^.;,]{0,20}?(?:on|in|for)\s$"
    r"|\bhad been (?:asked|due|expected|invited|planned|scheduled|set)\b[^.;,]{0,20}?(?:on|in|for)\s$"
)
# "Was due in court on", "was planning to vote on": a plan, as it was before the story was written.
_WAS_TO = lazy_compile(
    rf"\b(?:was|were|had been)\s(?:(?:{any_of(SCHEDULED, PROSPECTIVE, {'planning', 'hoping'})})\s(?:to|for|in|on)|to)\s"
    r"[^.;,]{0,60}$"
)
_BEING_DONE = lazy_compile(r"\b(?:is|are|being)\s(?:\w+\s){1,4}?(?:on\s)?$")
_DONE_ON = lazy_compile(
    rf"\b(?:\w{{2,}}ed|{any_of(PASTS)})\s(?:(?!{any_of(DETERMINERS)}\b)[a-z]+\s){{0,3}}?(?:on\s)?(?:early\s|late\s)?$"
)
# At most two words, which begin no other phrase, stand between the verb and what leads to the day.
_WILL = lazy_compile(
    r"(?:\b(?:will|shall|won['’]t|(?:is|are)(?:\snot)?\s(?:due|set|scheduled)(?:\sto|\sfor)?|(?:is|are)\sto)|['’]ll)\s"
    rf"(?:(?!{any_of(DETERMINERS)}\b)[a-z]+\s){{0,4}}?(?:(?:on|until|till|by|from|before|in|for)\s)?(?:early\s|late\s)?$"
)
_PREDICATE = lazy_compile(r"\b[a-z]{2,}\s(?:[a-z]+\s){0,3}?(?:on|from|into|until|by)\s(?:late\s|early\s)?$")
_EDGE = lazy_compile(r"\b(?:early|late|expected|until|before)\s(?:in\s)?$")


def _year(found: TimeCandidate) -> DateRange | None:
    if _COUNTED.match(found.right) or _NO_YEAR.match(found.right) or _FISCAL_YEAR.search(found.left):
        return None
    narrowed = found.match.start("number") > found.match.start()
    modifier = _DETERMINER.search(found.left) and _YEAR_NOUN.match(found.right)
    end_of = _END_OF.search(found.left) and _LOOSE.match(found.right)
    if not (narrowed or end_of or _YEAR_LEFT.search(found.left) or _YEAR_RANGE.search(found.left) or modifier):
        return None
    return unit_range("year", int(found.get("number")))


def _year_given(found: TimeCandidate) -> int | None:
    if year := found.get("year"):
        return int(year)
    return found.published.year + _SHIFT[shift] if (shift := found.get("shift")) else None


_SHIFT = {"last": -1, "this": 0, "next": 1}
COUNTING = frozenset({"later", "told", "weekday", "month"})
"""The rules that may count from the mention before: "two days later", "that night", "the following Monday"."""

_RULES: dict[str, Callable[[TimeCandidate], Days]] = {
    "figures": _figures,
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
