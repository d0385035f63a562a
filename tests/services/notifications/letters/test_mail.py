"""A name never becomes a header, and what is no address stops one letter only."""

from __future__ import annotations

import pytest

from services.notifications.sending import jobs
from shared.kernel import ids
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.letters import state_of
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
