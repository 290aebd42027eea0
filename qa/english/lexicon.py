"""The word lists of English, one for each idea, with what each is for. Patterns are built from them elsewhere."""

from __future__ import annotations

# ---------------------------------------------------------------------------------------------------------------------
# The calendar. ``temporal.patterns`` builds regular expressions from these lists; no other module spells them out.
# ---------------------------------------------------------------------------------------------------------------------

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months in order: to read a month's name and to write it."""

MONTH_ABBREVIATIONS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec")
"""Months as datelines, tables and headers shorten them, with a full stop or without."""

COMMON_WORD_MONTHS = ("March", "May")
"""Months that in lower case are common words: where case tells nothing, only their neighbours make them a month."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""The weekdays in the order of ``date.weekday``, which counts Monday as 0."""

WEEKDAY_ABBREVIATIONS = ("Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs", "Fri", "Sat", "Sun")
"""Weekdays as datelines, tables and headers shorten them, with a full stop or without."""

COMMON_WORD_WEEKDAYS = ("Sat", "Sun")
"""Abbreviations that are words, or a newspaper, unless a date stands beside them."""

CALENDAR_NAMES = (*WEEKDAYS, *(month for month in MONTHS if month != "May"))
"""Names of days and months, which stand beside a person's name and are no part of it. May is a surname too."""

SEASONS = {"winter": 0, "spring": 1, "summer": 2, "autumn": 3, "fall": 3}
"""The seasons of three whole months, counted from the one that begins in December."""

QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
"""Which quarter of a year an ordinal names."""

TIME_UNITS = ("day", "week", "month", "quarter", "year")
"""Units of the calendar: "two weeks ago", "last quarter", "the following day"."""

UNIT_COUNTS = {
    word: count
    for count, words in enumerate(
        "a an one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen".split("|"), 1
    )
    for word in words.split()
}
"""How many units a word counts in "a year ago" and "fifteen days later"; news writes higher counts in figures."""

RELATIVE_DAYS = {
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
}
"""Days named from the day of publication, and how many days later each is."""

PARTS_OF_DAY = ("morning", "lunchtime", "afternoon", "evening", "night")
"""Stretches of a day, which follow its name: "Monday night", "last evening", "the following morning"."""

HOURS_OF_DAY = ("dawn", "noon", "midday", "midnight")
"""Hours of a day that have a name."""

NOON = ("noon", "midday")
"""The named hours that stand for a time on the clock, 12:00, in "noon on Monday" or "midday GMT"."""

TIME_ZONES = (
    *("GMT", "UTC", "BST", "CET", "CEST", "EET", "EEST", "MSK", "IST", "HKT", "SGT", "JST", "KST", "SAST"),
    *("ET", "EST", "EDT", "CT", "CST", "CDT", "MT", "MST", "MDT", "PT", "PST", "PDT", "AKST", "AKDT", "HST"),
    *("AET", "AEST", "AEDT", "ACST", "AWST", "NZST", "NZDT"),
)
"""Abbreviations of time zones that follow an hour. Most are ambiguous; only GMT and UTC are resolved."""

TIME_REGIONS = ("Eastern", "Central", "Mountain", "Pacific")
"""Regions whose zone is spelled out: "4 p.m. Eastern time"."""
