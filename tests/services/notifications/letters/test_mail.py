"""A name never becomes a header, and what is no address stops one letter only."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from services.notifications.content.rendering import Rendered
from services.notifications.letters.mail import BOUNDARY, UNSEEN, UnsafeHeader, folded, require_headers, written
from services.notifications.occasions.queries import Invitation
from services.notifications.sending import jobs
from shared.kernel import ids
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.letters import state_of, text_of
from tests.support.mail_relay import Relay

HOSTILE = [
    "Ratna\r\nBcc: x@example.org",
    "Ratna\nBcc: x@example.org",
    "Ratna\rSubject: lain",
    "Ratna\x00",
    "Ratna\u2028Bcc: x@example.org",
    "Ratna\x85Bcc: x@example.org",
    "=?utf-8?q?Ratna=0D=0ABcc=3A_x@example.org?=",
    "=?utf-8?b?UmF0bmENCkJjYzogeEBleGFtcGxlLm9yZw==?=",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_never_becomes_a_header(relay: Relay, name: str) -> None:
    recipient = ids.new()
    factories.party(recipient, name=name)
    letter, innocent = factories.letter(ALPHA, recipient=recipient), factories.letter(ALPHA)
    jobs.send_due()
    assert (state_of(letter), state_of(innocent)) == ("failed", "sent")
    assert relay.recipients == ["ratna@example.org"]
    assert [mail["Bcc"] for mail in relay.mails] == [None]


@pytest.mark.parametrize(
    "email",
    [
        "x@example.org\r\nBcc: y@example.org", "x@example.org, y@example.org", "<x@example.org>", "x y@example.org",
        "ratñā@example.org", "x@exämple.org", "=?utf-8?q?x?=@example.org", "@example.org", "x@", "x",
    ],
)  # fmt: skip
def test_what_is_no_address_stops_one_letter_and_no_other(relay: Relay, email: str) -> None:
    recipient = ids.new()
    factories.party(recipient, email=email)
    letter, innocent = factories.letter(ALPHA, recipient=recipient), factories.letter(ALPHA)
    jobs.send_due()
    assert (state_of(letter), state_of(innocent)) == ("failed", "sent")
    assert relay.recipients == ["ratna@example.org"]


@pytest.mark.parametrize(
    "name", ["Ratna", 'Bu "Ratna", S.E.', "Rätñā Ćontoh", "Ratna <x@example.org>", "Ratna; Bcc: x", "R" * 200]
)
def test_a_name_arrives_as_it_is_and_there_is_one_of_each_header(relay: Relay, name: str) -> None:
    recipient = ids.new()
    factories.party(recipient, name=name)
    letter = factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    (mail,) = relay.mails
    (address,) = mail["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "ratna@example.org")
    assert sorted(set(mail.keys())) == sorted(mail.keys())
    assert mail["Message-ID"] == f"<{letter.id}@example.org>"
    assert mail["X-Correlation-ID"] == str(letter.correlation_id)
    assert {part.get_content_type() for part in mail.walk()} == {"multipart/alternative", "text/plain", "text/html"}
    assert "<script" not in str(mail)


BIDI = ["Ratna\u202egro.elpmaxe", "\u2066Ratna\u2069", "Rat\u200bna", "Ratna\u200f", "\ufeffRatna", "Rat\u00adna"]


@pytest.mark.parametrize("name", BIDI)
def test_what_a_reader_does_not_see_is_left_out_of_header_and_text(relay: Relay, name: str) -> None:
    recipient = ids.new()
    factories.party(recipient, name=name)
    factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    (mail,) = relay.mails
    (address,) = mail["To"].addresses
    assert address.display_name == UNSEEN.sub("", name)
    assert UNSEEN.search(str(mail["Subject"]) + text_of(mail) + mail.get_body(("html",)).get_content()) is None


@pytest.mark.parametrize("number", ["1\r\nBcc: x@example.org", "=?utf-8?q?1=0D=0ABcc=3A_x@example.org?=", "1\u2028x"])
def test_what_an_event_says_never_becomes_a_header(relay: Relay, number: str) -> None:
    letter = factories.letter(ALPHA)
    connection.database()["letters"].update_one({"_id": letter.id}, {"$set": {"about.number": number}})
    jobs.send_due()
    assert (state_of(letter), relay.recipients) == ("failed", [])


def test_a_finished_mail_with_another_header_or_recipient_is_not_sent() -> None:
    """As when the library writes something else than it was given: of CPython 3.11 it is known."""
    meant = {"To": "Ratna <ratna@example.org>", "Subject": "Tagihan"}
    message = EmailMessage(policy=SMTP)
    for header, value in meant.items():
        message[header] = value
    message.set_content("teks")
    message.add_alternative("<p>teks</p>", subtype="html")
    message["Content-Language"] = "id"
    good = message.as_bytes()
    require_headers(good, meant, "ratna@example.org")
    for bad in (
        b"Bcc: x@example.org\r\n" + good,
        b"To: x@example.org\r\n" + good,
        good.replace(b"ratna@example.org", b"ratna@example.org, x@example.org"),
        good.replace(b"Tagihan", b"Lain"),
        good.replace(b"\r\n\r\n", b"\r\n\r\n\r\n", 1).replace(b"text/html", b"text/calendar"),
    ):
        with pytest.raises(UnsafeHeader):
            require_headers(bad, meant, "ratna@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ratna,\n\n.\n..\nFrom here\n-- \nKind regards",
        f"--{BOUNDARY}--\n\n--{BOUNDARY}\nContent-Type: text/html\n\n<p>lain</p>",
        "Ratna\r.\rMAIL FROM:<x@example.org>\r",
        "Ćontoh " * 60 + "Ratna \n\t\n=?utf-8?q?x?= = =3D\x00",
        "R" * 2_000,
    ],
)
def test_what_a_mail_says_arrives_as_it_is_whatever_it_says(text: str) -> None:
    meant = {"To": "Ratna <ratna@example.org>", "Subject": "Tagihan"}
    invited = Invitation("REQUEST", "BEGIN:VCALENDAR\r\nSUMMARY:" + text.replace("\r", "") + "\r\nEND:VCALENDAR\r\n")
    wire = written(meant, {}, "id", Rendered("Tagihan", text, f"<p>{text}</p>"), invited)
    require_headers(wire, meant, "ratna@example.org", invited)
    lines = wire.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines), "a line ends in one way only"
    assert max(map(len, lines)) <= 78
    assert b"\0" not in wire
    said = [part.get_payload(decode=True).decode() for part in message_from_bytes(wire).get_payload()]  # type: ignore[union-attr]
    ends = re.compile("\r\n|\r|\n")
    assert [ends.split(one.rstrip("\r\n")) for one in said[:2]] == [
        ends.split(one.rstrip("\r\n")) for one in (text, f"<p>{text}</p>")
    ]
    assert said[2] == invited.text


@pytest.mark.parametrize("value", ["Tagihan", "Tagihan " * 30, "Rätñā Ćontoh", "Rätñā " * 40])
def test_a_header_is_written_as_the_library_would_or_folded_by_it(value: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = value.strip()
    assert folded("Subject", value.strip()) == str(SMTP.fold("Subject", message["Subject"]))


def test_a_letter_that_need_not_be_read_offers_one_click_and_one_that_must_does_not(relay: Relay) -> None:
    must, need_not = factories.letter(ALPHA), factories.letter(ALPHA)
    about = {"module": "M1", "days": ["2026-12-01"], "previous_days": ["2026-11-30"], "zone": "Asia/Jakarta"}
    connection.database()["letters"].update_one(
        {"_id": need_not.id}, {"$set": {"template": "training_moved", "about": about}}
    )
    jobs.send_due()
    by_id = {mail["Message-ID"]: (raw, mail) for raw, mail in zip(relay.taken, relay.mails, strict=True)}
    raw, mail = by_id[f"<{need_not.id}@example.org>"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (line,) = [line for line in raw.splitlines() if line.startswith(b"List-Unsubscribe:")]
    assert line.startswith(b"List-Unsubscribe: <http://127.0.0.1:8105/v1/unsubscriptions/")
    assert line.endswith(b">"), "the address stands on one line, as it is"
    assert by_id[f"<{must.id}@example.org>"][1]["List-Unsubscribe"] is None
