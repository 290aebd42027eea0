"""Generate any number of invented news articles for measuring speed, from word lists and a small grammar.

The text has the properties that cost time in real news: log-normal lengths around 450 words, paragraphs and quotations,
words that follow Zipf's law (a few hundred plain ones, tens of thousands of invented ones), names, sums of money, dates
over five years, 40 outlets, and stories told by several articles. It has no meaning, so it cannot measure quality.

Article ``i`` depends only on ``i``. The first 1,000 of 100,000 articles are the same as 1,000 generated alone, and
nothing is stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from qa.articles.identity import article_id, article_version
from qa.model import Article

FIRST_DAY = date(2021, 1, 1)
DAYS = 5 * 365
MEDIAN_WORDS, SPREAD = 390, 0.45  # of the log-normal distribution; its mean is about 450
SHORTEST, LONGEST = 60, 3000  # words
ARTICLES_A_STORY = 3
INVENTED = 40_000
SHIFT = 8  # Mandelbrot's shift: the first ranks of a language are function words, and the sentences below contain those

NOUNS = """
    government council minister police court city people year budget company report school hospital road bank market
    plan water price worker union party vote law judge trade tax house river bridge port station train ferry energy
    power winter summer storm flood fire strike wage pension housing rent harbour airport farm field forest fishing
    factory plant mine coal gas oil wind solar grid cable network software data phone satellite research university
    student teacher doctor nurse patient vaccine clinic ambulance budget deficit loan debt investor share bond profit
    loss export import tariff border customs visa migrant refugee shelter charity church museum theatre festival
    concert stadium match league coach player goal season championship trial evidence witness appeal sentence prison
    inquiry audit contract tender permit licence fine penalty complaint petition protest march crowd square street
    district village valley coast island lake dam reservoir pipeline tunnel railway tram bus lorry taxi bicycle pier
    warehouse depot dock vessel crew captain pilot engine brake signal timetable fare ticket passenger delay closure
    repair survey forecast drought harvest wheat barley cattle dairy orchard vineyard brewery bakery grocer shop mall
    tenant landlord mortgage estate suburb nursery playground library archive newspaper broadcast channel film novel
    exhibition gallery statue cathedral bishop choir orchestra opera ballet regatta marathon medal referee injury
    transfer sponsor ballot candidate coalition senate mayor governor embassy treaty summit sanction ceasefire convoy
    militia border patrol drone radar barracks veteran memorial ceremony anthem flag parade lantern quarry glacier
    """.split()
VERBS = """
    approved rejected delayed announced cancelled opened closed expanded reviewed questioned defended criticised
    supported funded inspected repaired replaced postponed launched suspended welcomed challenged revised published
    withdrew completed abandoned restored reduced doubled examined ordered negotiated signed blocked overturned
    """.split()
ADJECTIVES = """
    new local national public private regional annual major former senior final early late large small long short
    high low heavy light central northern southern eastern western coastal rural urban temporary permanent emergency
    independent joint disputed planned proposed damaged unexpected costly modest record steady narrow broad historic
    """.split()
ROLES = """
    mayor minister chairwoman spokesman engineer surgeon headteacher professor judge harbourmaster inspector treasurer
    commissioner captain director economist farmer curator coach secretary
    """.split()
FIRST_NAMES = """
    Anna Ben Clara David Edith Frank Greta Hugo Irene Jonas Karin Lewis Maria Nils Olga Peter Ruth Simon Tessa Viktor
    Alma Bruno Cora Dario Elsa Felix Gina Henrik Ida Jakob Lena Marek Nora Otto Paula Roman Sofia Tomas Vera Yusuf
    """.split()
BODIES = "Authority Council Institute Union Holdings Agency Partners Trust Works Association Bank Lines".split()
OUTLET_NAMES = "Herald Courier Post Gazette Tribune Observer Dispatch Chronicle".split()
OUTLET_REGIONS = "Northern Harbour Valley Eastern Capital".split()
OUTLETS = tuple(f"{region} {name}" for region in OUTLET_REGIONS for name in OUTLET_NAMES)
MONTHS = "January February March April May June July August September October November December".split()

LEADS = (
    "{official}, the {role} of {place}, said on {weekday} that the {thing} would cost {cost} million crowns.",
    "The {thing} in {place} will open on {date} after {body} {verb} the {adjective} {noun}, "
    "officials said on {weekday}.",
    "{hurt} people were hurt when a {noun} hit the {thing} in {place}, {body} said on {weekday}.",
    "{body} has {verb} the {thing} in {place} because of a {adjective} {noun}, {official} said.",
)
SENTENCES = (
    "The {noun} and the {noun} were {verb} in {month}, a year after the {noun} had been {verb} by the {noun}.",
    "“We have {verb} every {noun} that was on the table, and the {thing} is no exception,” {surname} said.",
    "“Nobody in {place} wanted this {noun}, and nobody was asked about it,” said {person}, a {noun} {role}.",
    "{person} told the {outlet} that {number} of the {noun} workers had left since {month}.",
    "According to {body}, the {noun} rose by {percent} percent to {number} crowns.",
    "The {adjective} {rare} {noun}, which {rival} {verb} in {year}, has {number} places and a {adjective} {noun}.",
    "It was the {adjective} {noun} that had {verb} the {noun} in the first place.",
    "Critics say that the {noun} is too {adjective} for a {noun} of this size, and that {rival} "
    "should have been asked.",
    "In {elsewhere}, where a similar {noun} was {verb} on {date}, the {noun} took {small} months.",
    "{surname} did not say whether the {noun} would be {verb} before the {noun} in {month}.",
    "Under the {noun} law of {year}, a {noun} may be {verb} only if the {rare} {noun} has been {verb}.",
    "The {rare} of the {noun} lies {small} kilometres from {elsewhere}, near the {adjective} {noun}.",
    "“If the {noun} is not {verb} by {weekday}, we will go to {rare},” {person} said.",
    "{rival}, which runs the {noun} in {elsewhere}, said it had {verb} {number} {noun} claims worth "
    "{money} million crowns.",
    "A {noun} of the {noun} showed that {percent} percent of people in {place} were against it.",
    "But the {noun} remains.",
    "{person} of {rival} called the {noun} {adjective}.",
    "They will meet again on {weekday}.",
    "The {role} of {elsewhere}, {person}, had {verb} a {adjective} {noun} there, along with a "
    "{noun}, a {rare} and a {noun}.",
)
TITLES = (
    "{place} {thing} to cost {cost} million",
    "{body} says {thing} in {place} was {verb}",
    "{official} and the {noun}: what is known about the {thing}",
    "{adjective} {noun} delays {thing} in {place}",
)
ABOUT_A_STORY = (
    "How much will the {thing} in {place} cost?",
    "What did {official} say about the {thing} in {place}?",
    "How many people were hurt at the {thing} in {place}?",
    "When will the {thing} in {place} open?",
    "Why has {body} {verb} the {thing}?",
)
ABOUT_ANYTHING = (  # only common words: the most expensive full-text searches
    "What did the government say about the new {noun} budget this year?",
    "Which {adjective} {noun} was {verb} by the council in {month}?",
    "How many {noun} workers does the city have?",
)


def articles(count: int, first: int = 0, *, median: float = MEDIAN_WORDS) -> Iterator[Article]:
    """Yield the articles ``first`` to ``first + count - 1``. ``median`` is that of their words."""
    return (article(i, median=median) for i in range(first, first + count))


def article(i: int, *, median: float = MEDIAN_WORDS) -> Article:
    """Return article number ``i``. With the same median, it is always the same."""
    story, chance = _Words(i // ARTICLES_A_STORY), Random(f"article {i}")
    words = story.told_by(chance)
    day = story.day + timedelta(days=i % ARTICLES_A_STORY)
    outlet = OUTLETS[int(len(OUTLETS) * chance.random() ** 1.5)]  # some outlets write more than others
    length = min(max(median * math.exp(chance.gauss(0, SPREAD)), SHORTEST), LONGEST)
    url = f"https://{outlet.replace(' ', '-').lower()}.example/{day:%Y/%m/%d}/{i}"
    facts = {
        "title": _capital(chance.choice(TITLES).format_map(words)),
        "source": outlet,
        "authors": (words.person(),),
        "url": url,
        "published": datetime.combine(day, time(chance.randrange(24), chance.randrange(60)), UTC),
        "text": _text(words, chance, length),
        "language": "en",
    }
    made = Article(id=article_id("", url=url), version="", **facts)
    return made.model_copy(update={"version": article_version(made)})


def questions(count: int, size: int) -> list[str]:
    """Return questions to a library of ``size`` articles: three in four about a story, the others in common words."""
    asked = []
    for n in range(count):
        chance = Random(f"question {n}")
        words = _Words(chance.randrange(size) // ARTICLES_A_STORY).told_by(chance)
        form = chance.choice(ABOUT_ANYTHING) if n % 4 == 3 else ABOUT_A_STORY[n % len(ABOUT_A_STORY)]
        asked.append(form.format_map(words))
    return asked


def _text(words: _Words, chance: Random, length: float) -> str:
    paragraphs, written = [], 0
    while written < length:
        run = [chance.choice(SENTENCES).format_map(words) for _ in range(chance.choice((1, 2, 2, 3)))]
        if not paragraphs:
            run.insert(0, chance.choice(LEADS).format_map(words))
        paragraphs.append(" ".join(_capital(sentence) for sentence in run))
        written += paragraphs[-1].count(" ") + 1
    return "\n\n".join(paragraphs)


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


class _Words(dict[str, str]):
    """The slots of the grammar. The facts of a story are fixed; every other slot is drawn again on each access."""

    def __init__(self, story: int) -> None:
        self.chance = Random(f"story {story}")
        self.day = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        super().__init__(
            place=_name(self.rank(5_000)),
            official=self.person(),
            role=self.chance.choice(ROLES),
            body=f"{_name(self.rank(8_000))} {self.chance.choice(BODIES)}",
            rival=f"{_name(self.rank(8_000))} {self.chance.choice(BODIES)}",
            thing=f"{self.noun()} {self.noun()}",
            cost=f"{self.chance.randrange(2, 900)}.{self.chance.randrange(1, 10)}",
            hurt=str(self.chance.randrange(3, 400)),
        )
        self["surname"] = self["official"].split()[-1]

    def told_by(self, chance: Random) -> _Words:
        """Draw all further words of this story from ``chance``."""
        self.chance = chance
        return self

    def __missing__(self, slot: str) -> str:
        return str(getattr(self, slot)())

    def rank(self, most: int) -> int:
        """Draw a rank below ``most`` by Zipf–Mandelbrot, P(rank) ~ 1 / (rank + SHIFT), by inverting the integral."""
        return int(SHIFT * (1 + most / SHIFT) ** self.chance.random() - SHIFT)

    def noun(self) -> str:
        """A plain noun."""
        return NOUNS[self.rank(len(NOUNS))]

    def verb(self) -> str:
        """A verb in the past tense."""
        return VERBS[self.rank(len(VERBS))]

    def adjective(self) -> str:
        """An adjective."""
        return ADJECTIVES[self.rank(len(ADJECTIVES))]

    def rare(self) -> str:
        """An invented word, rarer than the plain ones."""
        return _name(self.rank(INVENTED)).lower()

    def person(self) -> str:
        """First name and invented surname."""
        return f"{self.chance.choice(FIRST_NAMES)} {_name(self.rank(20_000))}"

    def elsewhere(self) -> str:
        """Another place."""
        return _name(self.rank(5_000))

    def outlet(self) -> str:
        """One of the 40 outlets."""
        return self.chance.choice(OUTLETS)

    def month(self) -> str:
        """A month."""
        return self.chance.choice(MONTHS)

    def year(self) -> str:
        """A year of the last forty."""
        return str(self.chance.randrange(1985, 2026))

    def date(self) -> str:
        """A day within 60 days after the story began."""
        day = self.day + timedelta(days=self.chance.randrange(60))
        return f"{MONTHS[day.month - 1]} {day.day}"

    def weekday(self) -> str:
        """A day of the week."""
        return f"{self.day + timedelta(days=self.chance.randrange(7)):%A}"

    def number(self) -> str:
        """A number between ten and a million. Small numbers are more frequent, as in real counts (Benford)."""
        return f"{int(10 ** self.chance.uniform(1, 6)):,}"

    def small(self) -> str:
        """A number below a hundred."""
        return str(self.chance.randrange(2, 100))

    def percent(self) -> str:
        """A percentage."""
        return f"{self.chance.uniform(0.1, 99):.1f}"

    def money(self) -> str:
        """A sum of money, in millions."""
        return f"{self.chance.uniform(1, 950):.1f}"


_ONSETS = "b br c d dr f g gr h j k kl l m n p pr r s st t tr v w z".split()
_VOWELS = "a e i o u ai ea ou".split()
_CODAS = "n r l s t m nd rk ld st lm".split()


@cache
def _name(rank: int) -> str:
    """Return the invented name of a rank. Frequent names are shorter, as in real languages."""
    chance = Random(f"name {rank}")
    syllables = 2 if rank < 2_000 else 3
    body = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables - 1))
    return (body + chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)).capitalize()
