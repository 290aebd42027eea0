"""The words that English sorts into classes: one list for each idea; in lower case, but for names of days and months.

A module that needs a variation makes it from these by set operations, and a pattern with ``any_of``. Verbs stand in
their base form; ``inflection`` gives the others. Behind each list stands what it is, and in
brackets who uses it: a module, or a folder of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..model import MONTHS as MONTHS  # the names of the months, which the contract's own texts need too


def any_of(*groups: Iterable[str]) -> str:
    """A pattern that matches any word of the groups, the longest first; a space in a word matches any whitespace.

    It has no boundaries of its own: "any_of" matches "Monday" in "Mondays".
    """
    by_initial: dict[str, list[str]] = {}
    for word in sorted({word for group in groups for word in group}, key=lambda word: (-len(word), word)):
        by_initial.setdefault(word[0].lower(), []).append(word)
    return f"(?:{'|'.join(map(_branch, by_initial.values()))})".replace(r"\ ", r"\s+")


def _branch(listed: list[str]) -> str:
    """Words with the same initial, which stands once in front: the engine tries one branch after the other."""
    initials = {word[0] for word in listed}
    if len(listed) == 1 or len(initials) > 1:  # "Say" before "say": patterns that ignore case need this order
        return "|".join(map(re.escape, listed))
    return f"{re.escape(initials.pop())}(?:{'|'.join(re.escape(word[1:]) for word in listed)})"


def capitalised(*groups: Iterable[str]) -> frozenset[str]:
    """The words of the groups as they stand at the head of a sentence."""
    return frozenset(word[:1].upper() + word[1:] for group in groups for word in group)


# -- Function words ----------------------------------------------------------------------------------------------------

ARTICLES = frozenset("a an the".split())
"""What a description begins with, and no part of a name (speech, spelling, follow-ups)."""

DEMONSTRATIVES = frozenset("this that these those".split())
"""Point at a noun (speech, sentences)."""

POSSESSIVES = frozenset("my your his her its our their".split())
"""Tell whose a noun is (speech, follow-ups)."""

PARTITIVES = frozenset("another both few many most several some".split())
"""Tell of some of a noun, who are not named: "several witnesses" (speech)."""

QUANTIFIERS = PARTITIVES | frozenset("all any each either every more much neither no".split())
"""Tell how much of a noun; part of the lists below."""

COUNTS = frozenset("one two three four five six seven eight nine ten eleven twelve dozens".split())
"""Number words that stand where an article does: "two officials" (speech, tense)."""

DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | QUANTIFIERS
"""What a noun phrase begins with (tense, follow-ups)."""

MASCULINE_PRONOUNS = frozenset("he him his himself".split())
FEMININE_PRONOUNS = frozenset("she her hers herself".split())
NEUTER_PRONOUNS = frozenset("it its itself".split())
PLURAL_PRONOUNS = frozenset("they them their theirs themselves".split())
"""Pronouns by whom or what they stand for (follow-ups)."""

SUBJECT_PRONOUNS = frozenset("i we you he she it they".split())
"""Pronouns that are the subject of a clause (speech, clauses, tense, questions, sentences)."""

OBJECT_PRONOUNS = frozenset("me us you him her it them".split())
"""Pronouns that are no subject (tense, follow-ups)."""

THIRD_PERSON = frozenset("he she it they".split())
"""Subject pronouns that stand for somebody or something named (speech, questions)."""

INDEFINITE_PRONOUNS = frozenset("anybody anyone everybody everyone nobody nothing somebody someone".split())
"""Stand for nobody in particular (questions, sentences)."""

BE = frozenset("am is are was were be been being".split())
"""Forms of "be": with a participle they make a passive (triples, clauses, speech, follow-ups)."""

HAVE = frozenset("has have had".split())
DO = frozenset("do does did".split())
MODALS = frozenset("can could may might must shall should will would".split())
"""The other auxiliaries, one by one (speech, tense, clauses, questions)."""

AUXILIARIES = frozenset("am is are was were".split()) | HAVE | DO | MODALS
"""Finite verbs that go before the subject in a question (follow-ups, speech, clauses, address)."""

NOUN_PREPOSITIONS = frozenset("about around at by for from in inside near of on to with".split())
"""Prepositions that hang a phrase on a noun: "the mayor of Varn" (speech, names)."""

SETTING_PREPOSITIONS = frozenset("after as at before by during from in on outside to".split())
"""Prepositions that tell when and where: "said on Tuesday at the quay" (speech, sentences, tense)."""

PREPOSITIONS = NOUN_PREPOSITIONS | frozenset(
    """
    above across after against ahead along amid among as before behind below beside between beyond despite during
    following into off onto out outside over since through throughout till toward towards under until up upon via within
    without
    """.split()
)
"""All prepositions (speech, follow-ups)."""

CONTRASTS = frozenset("although but however though whereas while yet".split())
"""Conjunctions that set one statement against another (clauses, speech)."""

SUBORDINATORS = frozenset("after as because before if once since than unless until when whether".split())
"""Conjunctions that hang a clause on another (clauses)."""

CONJUNCTIONS = CONTRASTS | SUBORDINATORS | frozenset("and nor or so then".split())
"""All conjunctions (speech, tense)."""

RELATIVES = frozenset("that which who whom whose".split())
"""Pronouns that open a clause about what stands before them (clauses, speech, tense)."""

QUESTION_WORDS = frozenset("how what when where which who whom whose why".split())
"""What a question begins with (follow-ups)."""

CONTENT_OPENERS = frozenset("how that whether why".split())
"""Open a clause that says what is said, known or asked: "said that", "asked whether" (speech, clauses)."""

MEASURES = frozenset("big deep far fast heavy high large long many much often old soon tall wide".split())
"""What follows "how" in a question for a measure (questions, follow-ups)."""

UNIVERSAL = frozenset(
    """
    all always any complete completely entire every everybody everyone unanimous unanimously whole
    """.split()
)
"""Of all (clauses)."""

PARTIAL = frozenset(
    """
    certain few half majority many most often part partial partially partly parts several some sometimes two-thirds
    """.split()
)
"""Of some, not of all (clauses)."""

NEGATIONS = frozenset("cannot hardly neither never no nobody none nor not nothing without".split())
"""Words that deny (clauses, speech)."""

ADVERBS = frozenset(
    """
    again also always earlier even ever here however just later meanwhile now once only previously quickly still then
    there too
    """.split()
)
"""Adverbs; those in "-ly" are told by their ending (speech, follow-ups)."""

FUNCTION_WORDS = (
    DETERMINERS
    | COUNTS
    | SUBJECT_PRONOUNS
    | INDEFINITE_PRONOUNS
    | AUXILIARIES
    | PREPOSITIONS
    | CONJUNCTIONS
    | RELATIVES
    | QUESTION_WORDS
    | NEGATIONS
    | ADVERBS
)
"""All of these: a capital at the head of a sentence makes none of them a name (names, speech, follow-ups)."""

OPENERS = (
    AUXILIARIES | BE | PREPOSITIONS | CONJUNCTIONS | RELATIVES | QUESTION_WORDS | NEGATIONS | ADVERBS | DEMONSTRATIVES
) - QUANTIFIERS
"""Function words that stand before or behind a noun phrase, and not in it (speech)."""

NAMES_TOO = frozenset("may will".split())
"""Function words that with a capital may be a name (speech)."""

# -- Verbs of speech ---------------------------------------------------------------------------------------------------
# After those that mark attribution in news: Krestel, Bergler & Witte (2008), "Minding the Source"; Pareti's PARC
# corpus (2012).

SAYING = frozenset(
    """
    acknowledge add admit allege answer argue assert assure caution claim clarify comment complain concede contend
    continue deny estimate explain indicate inform insist maintain mention note observe post quip recall reckon
    reiterate remark reply report retort say shout state stress tell testify tweet write
    """.split()
)
"""Report a clause, with "that" or without: "she said it rained" (speech, questions, follow-ups, sentences, tense)."""

LABELLING = frozenset(
    """
    blame brand call condemn criticise criticize denounce describe dismiss dub express hail label laud praise reject
    welcome
    """.split()
)
"""Report no clause, only what stands in quotation marks: "called it “a scandal”" (speech)."""

VOICING = frozenset(
    """
    bark bellow boom chuckle cry deadpan drawl exclaim groan growl grumble grunt hiss holler interject joke laugh moan
    murmur mutter plead rasp roar scoff scream shriek sigh snap snarl sneer sob splutter stammer wail whine whisper yell
    """.split()
)
"""Say how a voice sounds: "“Close it,” yelled Brill" (speech, sentences)."""

ANNOUNCING = frozenset(
    """
    accept agree announce ask boast conclude confirm decide declare demand disclose fear find guarantee hint hold hope
    object order pledge point predict promise propose protest question recommend repeat respond reveal rule show suggest
    think urge vow warn
    """.split()
)
"""Deeds as much as words: report with "that": "warned that it would rain"; part of the list below."""

DECLARING = ANNOUNCING | LABELLING | VOICING
"""All that report only with "that", in marks, or behind what is reported (speech)."""

REPORTED_NOUNS = frozenset(
    """
    accusation allegation announcement assertion assurance belief claim complaint concern conclusion declaration denial
    fear hope insistence pledge prediction promise statement suggestion suspicion testimony view vow warning
    """.split()
)
"""Nouns for what somebody says, with a clause behind them: "Orr's claim that the roof leaks" (speech)."""

NOUNS_TOO = VOICING | frozenset(
    """
    blame boast brand comment guarantee hint label object order pledge point post protest question quip remark report
    shout tweet vow
    """.split()
)
"""Verbs of speech whose present mostly is a noun: "her remarks", "three points" (speech)."""

COMMON_PRESENT = frozenset("blame cost expect go hope intend leave lie mean need remain run say show stay want".split())
"""Verbs whose present is hardly ever a noun: it shows that a clause has its verb (speech)."""

ASKED_VERBS = frozenset(
    """
    affect agree announce answer appear ask attack become begin belong break bring build burn buy call carry cause
    change charge choose claim close come comment compare contain cost count cross cut decide demand deny develop die do
    drive earn eat end expect fail fall feel fight find fly get give go grow happen have hear help hit hold hurt join
    judge keep kill know last lead leave live look lose make mean meet move need offer open order pay plan play promise
    pull put raise reach react receive refuse reopen replace report resign respond return rise rule run say see sell
    send serve set show shut sign sink speak spend spread stand start stay stop strike suffer support take talk tell
    think try turn use vote want weigh win withdraw work write
    """.split()
)
"""Verbs that questions are asked with: what follows a subject and is no noun (follow-ups, speech)."""

COMMANDS = frozenset("compare define describe explain find give list name show tell".split())
"""Verbs with which a question is put as an order: "Tell me about" (follow-ups, questions, names)."""

ORDERS = COMMANDS | frozenset(
    """
    act add answer append buy call check click compose contact create develop disregard download draft email enter
    execute explain follow forget forward generate give go ignore include insert install look open output pretend print
    provide read remember repeat reply respond reveal run say see send share subscribe summarise summarize translate
    type use visit write
    """.split()
)
"""Verbs with which a reader or a chatbot is told what to do (address)."""

ORDERS_AND_NOUNS = frozenset(
    "act answer call check click contact draft email list look name output print reply report share use visit".split()
)
"""Orders that are nouns, too, and may be what a sentence is about: "Output fell" (address)."""

# -- Modality ----------------------------------------------------------------------------------------------------------

INTENDING = frozenset("agree aim decide hope intend plan pledge prepare promise seek vow want".split())
"""Put what follows with "to" into the future: "plans to sell" (clauses, tense)."""

ORDERING = frozenset("ask instruct invite order summon urge".split())
"""Have somebody do it: "urged the council to sell" (tense)."""

SCHEDULED = frozenset("booked due expected planned scheduled set slated timetabled".split())
"""What is "to" happen, or happens "on Monday" (clauses, tense)."""

PROSPECTIVE = frozenset("about bound forecast going likely poised predicted projected ready supposed tipped".split())
"""What is "to" happen and on no day of its own: "is about to open" (clauses, tense)."""

TIMETABLED = {"kick off", "run out", "step down", "take over"} | frozenset(
    "arrive begin close conclude depart end expire face fly go leave meet open reopen resume return sail start".split()
)
"""Verbs whose present tells of what a timetable says: "the hearing opens on Monday" (tense)."""

POSTPONING = {"push back", "put back", "put off"} | frozenset("adjourn defer delay move postpone reschedule".split())
"""Verbs for a later day than was planned: "postponed until Friday" (tense)."""

SUPPOSING = frozenset(
    """
    accuse allege await believe consider demand explore fear investigate need propose recommend require risk suggest
    suspect threaten urge weigh
    """.split()
)
"""Keep what follows from being certain (clauses)."""

UNCERTAIN = frozenset(
    """
    accusation accusations allegation allegations allegedly apparently draft likely perhaps possible possibly potential
    potentially probable probably proposal proposals recommendation reportedly tentative tentatively unlikely
    """.split()
)
"""Other words that do (clauses)."""

# -- People ------------------------------------------------------------------------------------------------------------

TITLES = frozenset("dame dr hon lady lord madam miss mr mrs ms mx prof rev sir".split())
"""What a person is addressed by (speech, spelling, follow-ups, the name check)."""

ABBREVIATED_TITLES = frozenset(
    """
    adm amb atty capt cdr cllr cmdr cmdt col const cpl det dr ft gen gov govs hon insp lieut lt maj mr mrs ms mx pres
    prof rep rev sen sgt spc st ste supt
    """.split()
)
"""Titles and ranks as they are shortened in front of a name (names, spelling, speech, sentences, tense, follow-ups)."""

OFFICES = frozenset(
    """
    admiral adviser advisor ambassador archbishop bishop brother candidate captain cardinal chairman chairwoman
    chancellor chief coach colonel commander commissioner councillor detective director doctor envoy father general
    governor head inspector judge justice king leader lieutenant manager mayor minister officer pope premier president
    prince princess professor prosecutor queen secretary senator sergeant sister spokesman spokesperson spokeswoman whip
    """.split()
)
"""What a person is, in front of a name or in its place (speech, spelling, follow-ups, the name check)."""

OFFICE_MODIFIERS = frozenset(
    """
    assistant defence defense deputy finance foreign former health interior national opposition press prime security
    transport vice
    """.split()
)
"""What belongs to an office that it stands before: "foreign minister" (speech, spelling, the name check)."""

NATIONALITIES = frozenset(
    """
    american australian british canadian chinese dutch european french german greek indian iranian irish israeli italian
    japanese mexican polish russian scottish spanish swedish turkish ukrainian welsh
    """.split()
)
"""Adjectives of countries in front of a name or an office (speech)."""

MALE = frozenset(
    """
    boy brother businessman chairman father fireman husband king lord man mr policeman prince sir son spokesman
    """.split()
)
FEMALE = frozenset(
    """
    actress businesswoman chairwoman daughter girl lady miss mother mrs ms policewoman princess queen sister spokeswoman
    widow wife woman
    """.split()
)
"""Nouns and titles that tell whether somebody is he or she (speech, follow-ups)."""

JOURNALISTS = frozenset("analyst columnist correspondent editor photographer producer reporter writer".split())
"""What is said beside the name of an author (header, bylines)."""

AUDIENCES = frozenset(
    """
    audience committee conference council crowd flock lawmakers parliament players reporters team
    """.split()
)
"""Who is spoken to: "told a news conference" (speech, tense)."""

# -- Names -------------------------------------------------------------------------------------------------------------

NAME_PARTICLES = frozenset("al ap bin da das de del den der di do dos du el la le los ten ter van von y zu".split())
"""Small words within names; part of the list below."""

NAME_PREFIXES = frozenset("ad al an ar as ash at az ed el es".split())
"""Small words that a hyphen ties to a name: "al-Masri", "el-Khatib" (names)."""

NAME_JOINERS = NAME_PARTICLES | {"&", "and", "for", "of", "the"}
"""What may stand between the capitals of a name (names, speech, bylines)."""

NOUNS_IN_LY = frozenset(
    "ally anomaly assembly belly bully butterfly family fly jelly lily monopoly rally reply supply tally".split()
)
"""Nouns that end as adverbs do: "the family said" (speech)."""

UNNAMED_PEOPLE = frozenset(
    """
    adviser aide analyst colleague critic diplomat docker doctor driver economist employee engineer executive expert
    friend insider lawyer man manager neighbour nurse observer official passenger person resident scientist soldier
    source steward survivor teacher villager witness woman worker
    """.split()
)
"""Nouns under which people speak who are not named; a plural adds "s" or "es", or is one of PEOPLE (speech)."""

PEOPLE = frozenset("children men people police women".split())
"""Plurals without an "s" (speech, follow-ups)."""

ORGANISATIONS = frozenset(
    """
    academy administration agency airline airlines alliance army association authority bank board bureau center
    centre chamber church circle club coalition college commission committee company confederation congress
    corporation corps council court department embassy federation force forces foundation front fund government
    group hospital house inspectorate institute league library ministry movement museum navy office organisation
    organization parish parliament party police programme project school senate service services society theatre
    treasury tribunal trust union university
    """.split()
)
"""What names of bodies end in (speech, spelling, follow-ups)."""

COMPANY_SUFFIXES = frozenset("co corp fc gmbh inc llc ltd plc".split())
TRADES = frozenset("commerce estates lines media medical mining mutual relief research savings systems works".split())
NEWSPAPERS = frozenset(
    """
    channel chronicle courier daily gazette herald journal ledger news post telegraph times tribune wire
    """.split()
)
"""What names of companies and of media end in (speech, follow-ups)."""

PLACES = frozenset(
    """
    airport avenue bay bridge cathedral county crossing dam district dock gallery harbor harbour hotel island islands
    isle memorial mine mountain ocean palace pier plaza prison railway rapids region river road roads sea shoal sound
    square stadium station strait street terminal tower town tunnel valley village wharf
    """.split()
)
"""What names of places end in (speech, follow-ups)."""

SILENT_PLACES = frozenset(
    "avenue bay bridge dam island islands isle mine mountain ocean pier plaza rapids river road roads sea shoal square"
    " strait street tower tunnel wharf".split()
)
"""Places that nobody speaks for, as one does for a hotel or a district (speech)."""

SURNAMES_TOO = frozenset(
    """
    church city forest gate hill lake lane market mill mount park path point port republic reserve row state
    """.split()
)
"""What names of places end in that may also be part of a person's name or office (follow-ups)."""

COMPANY_FORMS = frozenset("AB AG BV NV Oy Oyj SA SE SpA SRL".split())
"""What names of companies of other countries end in; as written, because "Sa" is a surname, too (formats)."""

EVENTS = frozenset("conference election exchange festival inquiry plan treaty war".split())
"""What names of events end in (follow-ups)."""

# -- Words and documents -----------------------------------------------------------------------------------------------

STATEMENTS = frozenset("comment quotation quote remark statement word".split())
"""What somebody says, counted: "every remark" (questions)."""

DOCUMENTS = frozenset(
    """
    audit data document figures inquiry letter log memo minutes poll records report review statement study survey
    """.split()
)
"""What "shows" something in words; a stamp or a photograph does not (speech)."""

STORIES = frozenset("article blog column feature interview page post report review story".split())
"""What a newsroom calls what it publishes: "this story was amended" (formats)."""

AMENDED = frozenset("amended corrected".split())
"""What a newsroom does to a story that was wrong, as its notice says it (formats)."""

UPDATED = frozenset("edited revised updated".split())
"""The same, of a story that need not have been wrong (formats)."""

CONSENT = frozenset("accept agree consent consents cookie cookies partners personalised personalized privacy".split())
"""What the words of a wall are about that asks to be tracked (formats)."""

RETRACTED = frozenset("retracted withdrawn".split())
"""The same, of a story that no longer stands (formats)."""

NOTICES = frozenset(
    {
        "amendment", "clarification", "clarifications", "correction", "corrections", "editor's note", "editor’s note",
        "editors' note", "editors’ note", "retraction",
    }
)  # fmt: skip
"""What a newsroom's note about its own story begins with (formats)."""

PICTURES = frozenset("cartoon graphic illustration image photo photograph picture video".split())
"""What a credit begins with: "Photo: Jane Roe" (formats)."""

BY_ELSEWHERE = frozenset("af av de di door od par por przez von".split())
AND_ELSEWHERE = frozenset("et oraz och und".split())
"""What stands for "by" and "and" in bylines of pages in English with templates in other languages (formats)."""

READ_MORE = frozenset(
    {
        "also read", "don't miss", "don’t miss", "further reading", "more from", "more on this", "more on this story",
        "more stories", "most popular", "most read", "read also", "read more", "read next", "recommended", "related",
        "related articles", "related content", "related coverage", "related stories", "see also", "you may also like",
        "you might also like",
    }
)  # fmt: skip
"""What stands before or above links to other stories (formats)."""

FURNITURE = frozenset(
    {
        "advertisement", "all rights reserved", "article continues below", "click here", "continue reading",
        "follow us on", "get our newsletter", "join our newsletter", "join the conversation", "listen to this article",
        "share this", "share on", "sign up for our", "sign up to our", "skip advertisement", "skip to content",
        "sponsored content", "story continues below", "subscribe to our", "this article is more than",
        "watch the video",
    }
)  # fmt: skip
"""How lines begin that stand on a page of news and belong to no story (formats)."""

CALLS = frozenset(
    {
        "call us", "contact us", "email us", "e-mail us", "follow us", "get in touch", "message us", "send us",
        "tell us", "text us", "write to us",
    }
)  # fmt: skip
"""What a newsroom asks its readers to do, beside a story (formats)."""

REACHES = frozenset("contact email e-mail follow reach".split())
"""How a line about an author goes on: "Reach her at …" (formats)."""

HEADER_LABELS = {
    "title": ("title", "headline", "header", "hed"),
    "source": ("source", "outlet", "newspaper", "publication", "publication title", "issued by", "released by"),
    "authors": (
        "author", "authors", "by", "byline", "bylines", "reporter", "reporters", "words", "article by", "story by",
        "written by", "words by", "text by",
    ),
    "published": (
        "published", "first published", "originally published", "published on", "first published on", "published at",
        "posted", "posted on", "posted at", "first posted", "released", "date", "dated", "publication date",
        "issue date", "date published", "release date", "pubdate", "issued", "for immediate release",
        "for release",
    ),
    "updated": (
        "updated", "last updated", "updated on", "last updated on", "updated at", "modified", "last modified",
        "last modified on", "modified on", "date modified", "amended",
    ),
    "place": ("dateline", "location", "place"),
    "body": ("body", "full text", "text"),
}  # fmt: skip
"""What labels of a header line stand for: "Byline: Jane Roe". Only those of days may do without a colon (header)."""

OPEN_LABELS = frozenset({"article by", "story by", "written by", "words by", "text by", "body", "full text"})
"""Those of them that may stand alone without a colon, above what they label (header)."""

UNREAD_LABELS = frozenset(
    """
    abstract art caption category categories code column company contact contacts copyright credit database
    desk document edition eds editors email embargo enquiries graphic image images indexed issn keyword
    keywords language length link load-date note notes organization page pages people phone photo
    photograph photos picture pictures publication-type publisher ref reference retrieved section sections slug subject
    subjects tags tel topic topics type url website
    """.split()
) | frozenset(
    {
        "accession number", "advisory", "archive upload", "document id", "document type", "first page",
        "issued under embargo", "journal code", "journal-code", "load date", "media contact", "media contacts",
        "media enquiries", "notes to editors",
        "place of publication", "press contact", "press contacts", "press enquiries",
        "publication info", "publication subject", "record number", "source type", "word count",
    }
)  # fmt: skip
"""Labels of archives, agencies and press offices whose values say nothing of a header (header)."""

COVER_LABELS = frozenset(
    {"client/matter", "date and time", "job number", "narrowed by", "search terms", "search type", "user name"}
)
"""Labels of the sheet that a database of the press sets in front of what it exports (formats)."""

FIELD_CODES = {
    "HD": "headline", "BY": "byline", "PD": "date", "SN": "source", "LP": "body", "TD": "body", "WC": "length",
    "SC": "code", "PG": "page", "LA": "language", "CY": "copyright", "ED": "edition", "SE": "section", "ET": "code",
    "CR": "credit", "VOL": "code", "CLM": "column",
}  # fmt: skip
"""Codes of two or three letters with which a press archive labels its fields, and what they stand for (header)."""

OUTLETS = NEWSPAPERS | frozenset(
    """
    advertiser agency argus beacon bulletin dispatch echo enquirer examiner express gazetteer globe guardian herald
    independent inquirer magazine mail mercury mirror monitor monthly newspaper observer online press record recorder
    review sentinel standard star sun today live tv weekly
    """.split()
)
"""What names of newspapers, agencies and sites end in (header)."""

SECTIONS = frozenset(
    """
    analysis arts business climate comment culture economy education entertainment environment features finance health
    home letters lifestyle local markets metro money national news newsroom obituaries opinion people politics region
    science society sport sports technology transport travel uk us world
    """.split()
)
"""Names of sections, which stand alone above a headline, or beside the name of an outlet (header)."""

RELEASE_MARKS = frozenset(
    {
        "for immediate release", "for immediate use", "press release", "news release", "media release", "press notice",
        "media advisory", "press statement", "for release", "media statement",
    }
)  # fmt: skip
"""What stands above the headline of a press release (header)."""

WIRE_MARKS = frozenset(
    {
        "advisory", "alert", "breaking", "breaking news", "bulletin", "correction appended", "developing", "exclusive",
        "first lead", "flash", "lead", "live", "urgent", "writethru",
    }
)  # fmt: skip
"""What an agency or a newsroom sets above a headline (header)."""

BUTTONS = frozenset(
    {
        "advertisement", "bookmark", "comment", "comments", "copy link", "email", "facebook", "listen",
        "listen to this article", "log in", "login", "menu", "print", "save", "search", "share", "share on",
        "share on facebook", "share this", "share this article", "share this story", "sign in", "sign up",
        "skip to content", "skip to main content", "subscribe", "tweet", "twitter", "whatsapp",
    }
)  # fmt: skip
"""What can be clicked on a page of news, as a copy of the page repeats it (header)."""

POSTS = JOURNALISTS | frozenset(
    """
    anchor bureau chief contributor critic desk director fellow head host intern journalist manager officer presenter
    professor staff
    """.split()
)
"""What stands behind an author's name and a comma, or below it: "Jane Roe, Senior Reporter" (header, bylines)."""

UNNAMED_AUTHORS = frozenset(
    "admin administrator agencies desk editorial editors newsdesk newsroom staff team unknown webmaster".split()
)
"""Who stands as the author of a story where no person does (formats)."""

# -- Who may speak -----------------------------------------------------------------------------------------------------

WRITINGS = (
    DOCUMENTS
    | STORIES
    | frozenset(
        """
    account advisory affidavit announcement autopsy bill book brief charter code complaint contract cover diary
    dossier e-mail editorial email estimate figure filing guideline indictment judgment law lawsuit leaflet
    manifesto memoir message notice opinion order paper petition proclamation profile record rule ruling site
    source statistics suit summary text transcript treaty tweet verdict video warrant website
    """.split()
    )
)
"""What is written: words may be reported from it, but nobody can tell from that whose they are (speech)."""

RANKS = frozenset(
    """
    actor actress analyst artist attorney author boxer businessman chef climber composer constable corporal critic
    director-general economist engineer farmer fisherman historian immunologist lawyer linguist musician novelist nurse
    poet rabbi representative secretary-general sheriff singer skipper superintendent surgeon swimmer umpire voter
    """.split()
)
"""Trades and ranks that stand in front of a name and are no part of it (speech)."""

KIN = frozenset(
    """
    aunt boss boyfriend child cousin family friend girlfriend grandfather grandmother neighbor nephew niece parent
    partner relative spouse twin uncle
    """.split()
)
"""Who somebody is to somebody else; with MALE and FEMALE (speech)."""

SPEAKERS_TOO = frozenset(
    """
    adult airline athlete aunt body branch cabinet campaign chain chair champion charity church clerk command
    commission community consortium cooperative couple crew division embassy firm guard guest guide hall host
    industry jury label maker mill mine mp network newsroom operator organiser organizer outlet owner palace
    panel paper parliament person pilot plant poet priest regime region regulator retailer shipyard side site
    spy squad staff state station studio suspect team tribe tribunal unit utility vicar victim village
    """.split()
)
"""Other nouns under which people and bodies speak (speech)."""

# -- Searching ---------------------------------------------------------------------------------------------------------

STOPWORDS = frozenset(
    """
    a about above according after again all also am an and any are article articles as asked at be became because been
    before being between both but by can could describe did do does doing done down during each ever every few for from
    further gave get gets give given got had has have having he her here hers him his how i if in into is it its itself
    just kind know made make many may me might more most much must my name near no nor not now of off often on once one
    only or other our out over own people per report reported reports said same say says she should so some still such
    take taken tell than that the their them then there these they thing this those through to told too under until up
    upon us very was we were what when where whether which while who whom whose why will with within would you your
    """.split()
)
"""Function words and the frame of a question: no content to look for (search, reader, checks).

Listed for themselves, because the reader's weights are fitted to them: "never" and "two" are function words, and
content.
"""

PLAINLY_ENGLISH = frozenset(
    "and are by for from had has have he it of said that the their they this to were which who will with would".split()
)
"""Common in English and rare in related languages; so "in", "is", "was", "a" and "on" are left out (languages)."""

# -- The calendar ------------------------------------------------------------------------------------------------------
# ``temporal.patterns`` builds regular expressions from these lists; no other module spells them out.

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

SEASONS = ("winter", "spring", "summer", "autumn", "fall")
"""The seasons. They name no days, because they come half a year later on the other half of the earth."""

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

TIME_ZONES: dict[str, float | None] = {
    "GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3,
    "SGT": 8, "HKT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    **dict.fromkeys(("CST", "IST", "ET", "CT", "MT", "PT", "AET")),
}  # fmt: skip
"""Abbreviations of time zones that follow an hour, and how many hours they are ahead of UTC; None where that depends:
"IST" is used in India, Ireland and Israel, and "ET" in winter and in summer. In running text only GMT and UTC
are resolved."""

ZONE_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AET": "Australia/Sydney",
}  # fmt: skip
"""Abbreviations that stand for winter and summer time alike, and a place that keeps them."""

TIME_REGIONS = ("Eastern", "Central", "Mountain", "Pacific")
"""Regions whose zone is spelled out: "4 p.m. Eastern time"."""

# -- Opposites ---------------------------------------------------------------------------------------------------------


def _sides(rows: str) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(side.split()) for side in row.split("|")) for row in rows.strip().splitlines())


STATES = _sides(
    """
    open reopen | close shut
    begin launch start resume | end finish stop halt suspend
    accept approve back agree endorse support welcome | reject refuse oppose
    acquit clear | convict
    confirm admit acknowledge | deny dispute
    allow permit legalise lift | ban forbid prohibit bar
    alive survive | dead die kill
    free release | arrest detain jail hold
    valid uphold | invalid void annul quash overturn
    """
)
"""States that a thing is in one after the other: a row a kind, its two sides parted by a stroke (slots)."""

OPPOSITES = STATES + _sides(
    """
    rise grow increase climb gain jump soar surge higher up | fall drop decline decrease shrink sink slump lower down
    widen | narrow
    more | less fewer
    double | triple treble | quadruple | halve
    win | lose
    open | end finish stop halt
    accept agree | decline dismiss
    innocent | guilty
    hire appoint recruit employ | dismiss fire sack
    arrive enter join | leave depart quit
    import | export
    before | after
    first | last final
    north northern | south southern
    east eastern | west western
    majority | minority
    strengthen ease | weaken tighten
    raise lift | cut lower reduce
    resign | appoint
    young younger | old older
    early earlier | late later
    above | below
    minimum least | maximum most
    """
)
"""Words that exclude each other, in their base forms: a row a kind, its sides parted by a stroke (roles check)."""

# -- What changes ------------------------------------------------------------------------------------------------------

TOLLS = tuple(
    frozenset(row.split())
    for row in """
    body casualty dead death die fatal fatality kill killing toll victim
    hurt injure injured injury wound wounded
    missing unaccounted
    case ill infect infection infected patient sick
    displace evacuate evacuation evacuee flee
    arrest arrested charge detain detained detention
    rescue rescued save
    """.strip().splitlines()
)
"""What happens to people and is counted apart: the dead are not among the hurt; a row a kind, in base forms (slots)."""

FORECASTING = frozenset("anticipate calculate estimate expect forecast predict project".split())
"""Verbs behind which a number is a forecast, and no outcome (slots)."""

LEAVING = {"give up", "stand down", "step down"} | frozenset(
    "depart die dismiss fire leave oust quit remove replace resign retire sack succeed suspend".split()
)
"""Verbs with which somebody stops holding an office (slots)."""

DEPUTIES = frozenset("acting assistant associate caretaker deputy interim vice".split())
"""Words that make an office another one (slots)."""

TAKING = {"swear in", "take charge", "take over", "take office", "take the helm"} | frozenset(
    "appoint become choose elect install name nominate pick promote reappoint reinstate".split()
)
"""Verbs with which somebody begins to hold one (slots)."""

WISHING = frozenset("ask call demand propose request seek suggest urge want wish".split())
"""Verbs behind which a value is only asked for (slots)."""

STEPPING = {"push back", "put back", "put off"} | frozenset(
    """
    beat boost change climb cut decline decrease defeat defer delay dip double drop exceed expand extend fall grow hike
    increase jump lengthen lift lower miss narrow outnumber plunge postpone push raise reduce revise rise shorten shrink
    slash slip slow soar strengthen surge swell top trim tumble up weaken widen
    """.split()
)
"""Verbs of which "by" tells how far they go: "was cut by 12" (slots)."""

EARLIER = frozenset("earlier former formerly initial initially original originally previous previously".split())
"""Words that tell of a value that holds no longer (slots)."""

CHANGING = {"by now", "has since", "have since", "no longer", "so far"} | frozenset(
    """
    again anymore climbed currently cut dropped fallen fell gone increased instead latest lowered meanwhile new newly
    now raised reduced reinstated revised risen rose since succeeded succeeds today updated
    """.split()
)
"""Words that tell that a value has changed, or that it is the one of now (slots)."""

FIGURING = {
    "admit to",
    "arrive at",
    "come up with",
    "get to",
    "have it at",
    "hold to",
    "make it",
    "speak of",
    "stand by",
    "stick at",
    "stick by",
    "stick to",
    "swear to",
} | frozenset("believe calculate claim count estimate insist log maintain reckon report say see tally".split())
"""Verbs with which somebody gives a figure as theirs: "the union counts 46" (slots)."""

RECORDING = frozenset("accept admit concede conclude find give hear list record register show".split()) | {"come to"}
"""Verbs that give a figure if nothing else is told: "the audit found 12", but not "the clinic admitted 12 patients"."""

PLACING = frozenset("estimate give list place put".split())
"""Verbs with which somebody gives a figure behind "at" or "as": "the police put the crowd at 300" (slots)."""

TALLIES = frozenset("account calculation count counting estimate figure figures number poll reckoning tally".split())
"""What somebody gives a figure by: "by the guild's count", "the county's figure is 14" (slots)."""

GENERAL = TALLIES | frozenset("actual amount average bill cost price real sum toll total true".split())
"""Words for what is given without saying of what: "the real number is 14" (slots)."""

UNREAL = frozenset(
    """
    allow allowed demand demanded demands enough expect expected expects intend intended intends limit need needed
    needs offer offered offers plan planned plans promise promised promises require required requires want wanted wants
    """.split()
)
"""Words by which a figure is not told as one that is: "the firm offers 3 percent, the union wants 7" (slots)."""

# -- Timelines ---------------------------------------------------------------------------------------------------------

DEEDS = frozenset(
    """
    accept agree announce apologise apologize appoint award condemn convict decide declare disclose fine order pledge
    promise propose rule sentence vow
    """.split()
)
"""Verbs of words that change something: the day on which somebody "announced" is the day of an event (events)."""

READY = frozenset("back complete completion due finish launch open ready reopen restart resume return start".split())
"""Words with which it is told that something is to be there on a day: a later day puts it off (timelines)."""

GIVING_UP = {"call off", "give up"} | frozenset("abandon axe cancel drop miss scrap shelve".split())
"""Verbs after which a day is no longer aimed at: "gave up the target of March 17" (events)."""

AIMS = frozenset("aim date deadline goal idea intention plan promise proposal schedule target".split())
"""What is given up with its day: "dropped its plan to open on March 17" (events)."""

SYNONYMS = tuple(
    frozenset(row.split())
    for row in """
    accident collision crash
    agreement accord deal pact settlement
    arrest detention
    ballot poll turnout vote
    blaze fire
    bridge crossing span
    ceasefire truce
    closing closure shutdown
    coach trainer
    cost price
    crop harvest
    deduction penalty
    earthquake quake
    epidemic outbreak
    flood flooding
    hearing trial
    inquiry investigation probe
    plane aircraft jet
    protest demonstration
    ship vessel
    shooting gunfire
    ground stadium arena
    strike stoppage walkout
    takeover acquisition
    tariff fare
    """.strip().splitlines()
)
"""Words with which news calls the same thing, a row a thing (subjects)."""

TAKING_OFFICE = {"swear in", "take office", "take over"} | frozenset("appoint elect hire inaugurate nominate".split())
"""Verbs with which somebody begins to hold an office (subjects)."""

PRESENT = {"at present", "by now", "right now", "so far", "these days"} | frozenset(
    "anymore current currently latest newest now nowadays still today yet".split()
)
"""Words with which a question asks for what is the case now (questions)."""

THEN = frozenset(
    {"at first", "at that time", "at the start", "at the time", "back then", "before the", "early on", "on the day"}
) | frozenset("initially originally".split())
"""Words with which a question asks what was the case at a time in the past (questions)."""

# -- Corrections -------------------------------------------------------------------------------------------------------

CORRECTION_LABELS = {
    "correction": (
        "correction", "corrections", "corrected", "corrected version", "correction and apology",
        "corrections and apologies", "correction to this story", "correction to this article", "amended", "amendment",
        "erratum", "errata", "for the record", "editor's correction", "setting the record straight",
    ),
    "clarification": (
        "clarification", "clarifications", "clarification and apology", "correction and clarification",
        "corrections and clarifications", "corrections & clarifications", "clarifications and corrections",
    ),
    "retraction": ("retraction", "retracted", "withdrawal", "withdrawn", "story withdrawn", "article withdrawn"),
    "addition": (
        "editor's note", "editors' note", "editor's notes", "editors' notes", "editorial note", "note from the editor",
        "note to readers", "a note to readers",
    ),
}  # fmt: skip
"""What a note about a mistake begins with, by the kind of note; an editor's note may only add (corrections)."""

PIECES = STORIES | frozenset(
    """
    blogpost caption chart editorial entry graphic headline infographic item obituary piece podcast profile recipe
    table version
    """.split()
)
"""What a newsroom publishes, and may have to correct (corrections)."""

SURE_PIECES = PIECES - frozenset("feature item page profile record report review table version".split())
"""Those of them that nobody else publishes: a ministry, too, has reports (corrections)."""

VERSIONS = frozenset("earlier first initial original previous prior".split())
"""Which version of a story was wrong (corrections)."""

MISTAKING = frozenset(
    """
    exaggerate misattribute miscalculate misdate misdescribe misidentify mislabel misname misprint misquote misreport
    misrepresent misspell misstate mistake overstate understate
    """.split()
)
"""Verbs that say that something was given wrongly (corrections)."""

GIVING = frozenset(
    """
    attribute call cite claim contain credit describe give have identify imply include list mention misuse name place
    print publish put quote refer report say show spell state suggest use write
    """.split()
)
"""Verbs behind which a note repeats what a story said (corrections)."""

WRONGLY = frozenset("erroneously falsely inaccurately incorrectly mistakenly wrongly".split())
WRONG = frozenset("erroneous false inaccurate incorrect mistaken untrue wrong".split())
"""How something was said that is not so, and what it is (corrections)."""

CORRECTING = frozenset("amend change clarify correct edit modify refile revise update".split())
"""Verbs for what a newsroom does to a story, and whoever gave a figure to the figure (corrections)."""

RETRACTING = {"take back", "take down"} | frozenset("delete kill remove retract unpublish withdraw".split())
"""Verbs with which a story or a statement is withdrawn (corrections)."""

FIGURES = frozenset(
    """
    age amount count date figure name number percentage price reference share spelling statistic sum surname tally toll
    total value
    """.split()
)
"""What is corrected of a story, and what others correct (corrections)."""

CLAIMS = frozenset("accusation allegation assertion claim report statement".split())
"""What is said, and may be withdrawn: "withdrew its statement that" (corrections)."""

NOTE_WORDS = (
    PIECES
    | VERSIONS
    | FIGURES
    | WRONGLY
    | WRONG
    | frozenset(
        """
    apologise apologize apology clarification correct corrected correction edition editor editor's editorial editing
    error fact figures instead mistake newspaper note numbers online originally paper paragraph reader readers sentence
    sentences show shown sorry state stated transposed
    """.split()
    )
)
"""The frame of a note, which does not tell what it is about (corrections)."""

GROUPS = frozenset(
    """
    adults babies boys children elderly families foreigners girls infants juniors men migrants minors pensioners
    pupils seniors students teenagers tourists toddlers women young youngsters youth
    """.split()
)
"""Groups of people of whom a value may hold alone (slots)."""

PLAIN = frozenset(
    """
    big city country first full good great high large last late latest little long low main major minor new next old
    other own past poor present same short single small state such top town whole
    """.split()
)
"""Words in front of a noun that do not make it another thing (slots)."""
