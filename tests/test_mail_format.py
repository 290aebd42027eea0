"""Reading mail: headers, bodies, forwarded articles, what surrounds a story, mailboxes, and broken messages."""

from __future__ import annotations

import base64
import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from textwrap import wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.articles.extract import Extract, Raw, Unread
from qa.articles.formats import mail
from qa.errors import InputError

LEAD = "The harbour master of Selm closed the northern quay at noon, and the boats that were out had to wait."
NEXT = "Nobody was hurt. The quay will open again on Friday, he said."
STORY = f"<p>{LEAD}</p><p>{NEXT}</p>"
READ = f"{LEAD}\n\n{NEXT}"


def message(body: str = LEAD, *, kind: str = "text/plain", **headers: str) -> bytes:
    """A message with one part. Headers are given with "_" for "-"; those left out have usual values."""
    usual = {
        "From": "Karrow Courier <news@courier.example>",
        "Subject": "Ice closes quay",
        "Message_ID": "<1@x.example>",
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (usual | headers).items() if value]
    encoded = "\n".join([*lines, f"Content-Type: {kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", body])
    return encoded.encode()


def extract(content: bytes) -> Extract:
    (found,) = mail.read(Raw(content, ".eml"))
    assert isinstance(found, Extract)
    return found


def html_of(body: str) -> str:
    return extract(message(body, kind="text/html")).text


def plain_of(body: str, kind: str = "text/plain") -> str:
    return extract(message(body, kind=kind)).text


def reason(content: bytes, suffix: str = ".eml") -> str:
    with pytest.raises(InputError) as caught:
        list(mail.read(Raw(content, suffix)))
    return str(caught.value)


# --- headers ---------------------------------------------------------------------------------------------------------


def test_headers_give_title_outlet_instant_and_id() -> None:
    found = extract(message(Date="Tue, 3 Mar 2026 07:30:00 +0100", List_Archive="<https://courier.example/1>"))
    assert found.facts.title == "Ice closes quay"
    assert found.facts.source == "Karrow Courier"
    assert found.facts.published == datetime(2026, 3, 3, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    assert found.facts.url is None
    assert found.id == "1@x.example"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?q?Caf=C3=A9_at_the?= =?utf-8?B?IHF1YXk=?=", "Café at the quay"),
        ("Fwd: RE: [Selm-News] FW: Ice closes quay", "Ice closes quay"),
        ("Ice closes\n quay", "Ice closes quay"),
        ("=?nonsense?q?Ice?= quay", "Ice quay"),
        ("=?utf-8?B?####?= quay", None),
        ("Café", "Café"),
    ],
)
def test_subjects(subject: str, title: str | None) -> None:
    found = extract(message(Subject=subject)).facts.title
    assert found == title if title else found


@pytest.mark.parametrize(
    ("sender", "source", "authors"),
    [
        ("Ines Vale <ines.vale@courier.example>", None, ("Ines Vale",)),
        ("Ines Vale from Karrow Courier <news@courier.example>", "Karrow Courier", ("Ines Vale",)),
        ("Ines Vale (Karrow Courier) <news@courier.example>", "Karrow Courier", ("Ines Vale",)),
        ("Selm Harbour Letter <hello@selm.example>", "Selm Harbour Letter", ()),
        ("The Selm Boatman <x@selm.example>", "The Selm Boatman", ()),
        ("Varn Tideline <news@varn.example>", "Varn Tideline", ()),
        ("news@courier.example", None, ()),
        ('"news@courier.example" <news@courier.example>', None, ()),
    ],
)
def test_a_sender_is_an_outlet_or_a_person(sender: str, source: str | None, authors: tuple[str, ...]) -> None:
    facts = extract(message(From=sender)).facts
    assert (facts.source, facts.authors) == (source, authors)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Tue, 03 Mar 2026 07:30:00 -0000", datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        ("3 Mar 2026 07:30 GMT (Greenwich)", datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        ("Tuesday, March 3, 2026 7:30 AM", date(2026, 3, 3)),
        ("", None),
    ],
)
def test_dates(written: str, published: datetime | date | None) -> None:
    assert extract(message(Date=written)).facts.published == published


def test_a_date_that_cannot_be_read_is_said() -> None:
    found = extract(message(Date="soon"))
    assert found.facts.published is None
    assert "'soon'" in found.warnings[0]


# --- bodies ----------------------------------------------------------------------------------------------------------


def newsletter(plain: str, rich: str) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Karrow Courier <news@courier.example>", "Ice closes quay"
    made.set_content(plain)
    made.add_alternative(rich, subtype="html")
    return made.as_bytes()


def test_html_is_read_rather_than_plain_text_unless_it_says_less() -> None:
    assert extract(newsletter("Your mail program shows no HTML.", STORY)).text == READ
    assert extract(newsletter(READ, "<p>See the attached text.</p>")).text == READ


def test_tables_of_the_layout_and_what_is_hidden() -> None:
    hidden = '<div style="display: none; max-height: 0px">A preview that nobody sees&zwnj;&nbsp;</div>'
    pixel = '<img src="https://track.example/1.gif" width="1" height="1" alt="pixel">'
    inner = f"<table><tr><td>{hidden}<h1>Ice closes quay</h1></td></tr></table>"
    rows = f"<tr><td>{inner}</td></tr><tr><td>{STORY}{pixel}</td></tr>"
    assert html_of(f"<html><head><style>p{{}}</style></head><body><table>{rows}</table></body></html>") == (
        f"Ice closes quay\n\n{READ}"
    )


def test_what_stands_above_and_below_the_story_is_left_out() -> None:
    above = "<p><a>View this email in your browser</a></p>"
    below = (
        "<p>You are receiving this email because you signed up at our site.</p>"
        "<p><a>Unsubscribe</a> | <a>Preferences</a></p>"
        "<p>Karrow Courier, 4 Quay Street, Karrow</p><p>© 2026 Karrow Courier. All rights reserved.</p>"
    )
    assert html_of(above + STORY + below) == READ


def test_captions_and_short_lines_within_the_foot_are_left_out() -> None:
    caption = "<p>Boats at the quay on Monday. Photo: Ines Vale</p>"
    below = "<p>Subscribe for 8 crowns a month</p><p>Tomorrow: the umbrellas of Selm.</p><p>© 2026 Karrow Courier</p>"
    assert html_of(f"<p>{LEAD}</p>{caption}<p>{NEXT}</p>{below}") == READ


def test_the_address_of_the_story_is_its_address_and_that_of_the_mail_is_not() -> None:
    links = (
        "View in browser: https://courier.example/v/1\n\n{}\n\nRead this story online: https://courier.example/ice\n"
    )
    found = extract(message(links.format(LEAD)))
    assert (found.text, found.facts.url) == (LEAD, "https://courier.example/ice")


@pytest.mark.parametrize(
    "last",
    [
        "Readers may unsubscribe from the list at any time, the court ruled.",
        "“We received this message an hour late, and you know the rest,” she said.",
        "The copyright of the pictures belongs to the harbour office, which keeps them.",
    ],
)
def test_a_sentence_of_the_story_is_no_foot(last: str) -> None:
    assert html_of(f"<p>{LEAD}</p><p>{last}</p>").startswith(LEAD)
    if "copyright" not in last:
        assert html_of(f"<p>{LEAD}</p><p>{last}</p>") == f"{LEAD}\n\n{last}"


def test_flowed_and_wrapped_lines_are_joined() -> None:
    first, second = wrap(LEAD, 65)
    assert plain_of(f"{first} \n{second}\n\n{NEXT}", "text/plain; format=flowed") == READ
    assert plain_of(f"{first}\n{second}\n\n{NEXT}") == READ


def test_lines_of_a_list_are_not_joined() -> None:
    items = "- Trains run.\n- Boats do not."
    assert plain_of("\n".join([*wrap(LEAD, 65), "", items])) == f"{LEAD}\n\n{items}"


def test_links_quoted_lines_and_a_signature_are_left_out() -> None:
    reply = f"On Monday Ada Blum wrote:\n> Is it so?\n> Tell me.\n\n{LEAD} <https://courier.example/ice>\nhttps://x.example/1\n"
    assert plain_of(f"{reply}\n{NEXT}\n-- \nInes Vale\nKarrow") == f"{LEAD}\n\n{NEXT}"


def test_attachments_are_left_out() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "Karrow Courier <news@courier.example>", "Ice closes quay"
    made.set_content(LEAD)
    made.add_attachment("Nothing to see", filename="notes.txt")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert extract(made.as_bytes(policy=SMTP)).text == LEAD


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("iso-2022-jp", "utf-8"),
        ("unknown-8bit", "utf-8"),
        ("utf-16", "utf-16"),
        ("zlib", "utf-8"),
    ],
)
def test_charsets(charset: str, encoding: str) -> None:
    body = base64.encodebytes(f"The café on the quay of Selm is closed. {LEAD}".encode(encoding))
    head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n"
    head += "Content-Transfer-Encoding: base64\n\n"
    assert extract(head.encode() + body).text == f"The café on the quay of Selm is closed. {LEAD}"


# --- forwarded articles ----------------------------------------------------------------------------------------------

GMAIL = f"""For you.

---------- Forwarded message ---------
From: Karrow Courier <news@courier.example>
Date: Tue, 3 Mar 2026 at 09:12
Subject: Ice closes the quay
To: <ada.blum@mail.example>

{READ}
"""
APPLE = GMAIL.replace("---------- Forwarded message ---------", "Begin forwarded message:\n").replace(
    "From:", "> From:"
)
OUTLOOK = (
    "<p>For you.</p><div><p><b>From:</b> Karrow Courier &lt;news@courier.example&gt;<br><b>Sent:</b> Tuesday, March 3, "
    f"2026 9:12 AM<br><b>To:</b> Ada Blum<br><b>Subject:</b> Ice closes the quay</p></div>{STORY}"
)


@pytest.mark.parametrize(("body", "kind"), [(GMAIL, "text/plain"), (APPLE, "text/plain"), (OUTLOOK, "text/html")])
def test_a_forwarded_article_keeps_its_own_headers(body: str, kind: str) -> None:
    sent = message(
        body, kind=kind, From="Ada Blum <ada@x.example>", Subject="Fwd: Look", Date="Wed, 4 Mar 2026 08:00:00 +0000"
    )
    found = extract(sent)
    assert found.text == READ
    assert (found.facts.title, found.facts.source) == ("Ice closes the quay", "Karrow Courier")
    assert found.facts.published == date(2026, 3, 3)
    assert found.id == "1@x.example"


def test_an_attached_message_is_read() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Karrow Courier <news@courier.example>", "Ice closes the quay"
    inner.set_content(READ)
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "Ada Blum <ada@x.example>", "Fwd: Ice closes the quay"
    outer.set_content("For you.")
    outer.add_attachment(inner)
    found = extract(outer.as_bytes())
    assert (found.text, found.facts.source) == (READ, "Karrow Courier")


# --- mailboxes -------------------------------------------------------------------------------------------------------


def test_the_messages_of_a_mailbox_are_read_and_a_broken_one_is_named() -> None:
    first = message(f"{LEAD}\n\nFrom the quay, boats were seen.\n>From here, none.", Message_ID="<1@x.example>")
    last = message(NEXT, Message_ID="<2@x.example>")
    box = b"\n\n".join(
        b"From a@b.example Tue Mar  3 07:30:00 2026\n" + one for one in (first, b"X-Nothing: 1\n\nx", last)
    )
    one, broken, two = mail.read(Raw(box, ".mbox"))
    assert isinstance(one, Extract)
    assert isinstance(two, Extract)
    assert one.text == f"{LEAD}\n\nFrom the quay, boats were seen.\nFrom here, none."
    assert ((one.id, one.place), (two.id, two.place)) == (("1@x.example", "M1"), ("2@x.example", "M3"))
    assert broken == Unread("message 2: is no mail: it has no From, no Date and no Subject")


def test_a_mailbox_with_line_ends_of_windows() -> None:
    box = b"\n\n".join(b"From - Tue Mar  3 07:30:00 2026\n" + message(text) for text in (LEAD, NEXT))
    assert [one.text for one in mail.read(Raw(box.replace(b"\n", b"\r\n"), ".mbox")) if isinstance(one, Extract)] == [
        LEAD,
        NEXT,
    ]


# --- files that cannot be read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"hello", b"\0\1\2", b"X: 1\n\nbody"])
def test_what_is_no_mail(content: bytes) -> None:
    assert "is no mail" in reason(content)
    assert "no message" in reason(content, ".mbox")


def test_a_mail_without_text() -> None:
    assert reason(message("")) == "has no text"


def test_parts_within_parts_without_end() -> None:
    deep = b"From: a@b.example\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000)
    )
    assert reason(deep + b"\nx")


@pytest.mark.parametrize("run", [" ", "-", ">", "\n", "a ", "<", "- ", "\t\n"])
def test_long_runs_of_one_sign_take_no_time(run: str) -> None:
    body = f"{LEAD}\nFrom:{run * 50_000}x\n---{run * 100_000}"
    for kind in ("text/plain", "text/html"):
        with suppress(InputError):
            extract(message(body, kind=kind, Subject=f"Fwd: {run * 2000}"))


GOOD = [newsletter(READ, STORY), message(GMAIL, Subject="Fwd: x"), message(OUTLOOK, kind="text/html", Subject="FW: x")]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_an_extract_or_an_input_error(content: bytes) -> None:
    for whole in (content, b"From: a\nSubject: " + content, b"From a\nDate: " + content):
        for suffix in (".eml", ".mbox"):
            with suppress(InputError):
                list(mail.read(Raw(whole, suffix)))


def test_changed_files_give_an_extract_or_an_input_error() -> None:
    chance = random.Random(20260503)
    swaps = [
        b"",
        b"=?",
        b"?=",
        b"\n\n",
        b"charset=",
        b'"',
        b";",
        b"\xff",
        b"<",
        b"boundary=",
        b"base64",
        b"--",
        b"9" * 40,
    ]
    for _ in range(600):
        content = bytearray(chance.choice(GOOD))
        for _ in range(chance.randint(1, 15)):
            place = chance.randrange(len(content))
            content[place : place + chance.randint(0, 8)] = chance.choice(swaps)
        with suppress(InputError):
            list(mail.read(Raw(bytes(content), ".eml")))


def test_an_alert_that_only_begins_stories_is_refused() -> None:
    alert = "\n\n".join(
        f"The council of Karrow has invited {name} to talks about the bridge ..." for name in ("A", "B", "C")
    )
    assert "list of links" in reason(message(alert))


def test_the_headline_in_the_mail_is_the_title_and_its_link_the_address() -> None:
    link = "https://www.courier.example/p/quay-closed-at-noon?utm_source=mail"
    body = f'<h1><a href="{link}">Northern quay of Selm closed at noon</a></h1><p>{LEAD}</p>'
    facts = extract(message(f"<html><body>{body}</body></html>", kind="text/html", Subject="Boats, waiting")).facts
    assert facts.title == "Northern quay of Selm closed at noon"
    assert facts.url == "https://www.courier.example/p/quay-closed-at-noon"


def test_a_subject_names_the_release_without_saying_that_it_is_one() -> None:
    assert extract(message(Subject="PRESS RELEASE: Quay closed")).facts.title == "Quay closed"
