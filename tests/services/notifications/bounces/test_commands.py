"""A letter that comes back is believed by its return path; nothing else that arrives there changes anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifications.bounces import jobs as bounce_jobs
from services.notifications.bounces.commands import take_back
from services.notifications.letters.commands import resend_letter
from services.notifications.letters.model import Letter
from services.notifications.letters.return_path import return_path
from services.notifications.sending import jobs
from services.notifications.suppressions.model import Suppression
from shared.contracts.events.notifications import AddressSuppressed, LetterBounced
from shared.kernel import ids
from tests.services.notifications.conftest import Choose
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.fake_smtp import FakeSmtp, away, report
from tests.support.letters import state_of
from tests.support.records import events_said

RATNA = "ratna@example.org"


def sent(email: str = RATNA) -> Letter:
    recipient = ids.new()
    factories.party(recipient, email=email)
    letter = factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    return letter


def test_a_letter_that_comes_back_ends_letters_to_its_address(fake: FakeSmtp) -> None:
    letter = sent()
    assert take_back(report(return_path(letter.id), RATNA))
    assert take_back(report(return_path(letter.id), RATNA)), "told twice it is taken back once"
    assert (state_of(letter), Letter.get(letter.id).reason) == ("bounced", "returned")
    assert [(event.letter_id, event.permanent) for event in events_said(LetterBounced)] == [(letter.id, True)]
    assert [event.recipient_id for event in events_said(AddressSuppressed)] == [letter.recipient_id]
    later = factories.letter(ALPHA, recipient=letter.recipient_id)
    jobs.send_due()
    assert (state_of(later), len(fake.taken)) == ("suppressed", 1)


def test_a_letter_in_doubt_that_comes_back_had_gone_out(fake: FakeSmtp) -> None:
    letter = sent("drop@example.org")
    assert state_of(letter) == "ambiguous"
    take_back(report(return_path(letter.id), "drop@example.org"))
    assert state_of(letter) == "bounced"


@pytest.mark.parametrize(
    "case", ["full", "delayed", "delivered", "away", "forged", "another's", "nothing", "no report"]
)
def test_what_is_no_bounce_of_an_address_ends_letters_to_nobody(fake: FakeSmtp, case: str) -> None:
    letter, path = sent(), ""
    path = return_path(letter.id)
    mails = {
        "full": report(path, RATNA, status="5.2.2"),
        "delayed": report(path, RATNA, action="delayed", status="4.4.1"),
        "delivered": report(path, RATNA, action="delivered", status="2.1.5"),
        "away": away(path, RATNA),
        "forged": report(f"bounces+{letter.id.hex}-{'0' * 16}@example.org", RATNA),
        "another's": report(path.replace(letter.id.hex, ids.new().hex), RATNA),
        "nothing": b"\xff\x00",
        "no report": b"To: bounces@example.org\r\n\r\nContent-Type: multipart/report\r\n",
    }
    take_back(mails[case])
    assert (state_of(letter), list(Suppression.objects)) == ("bounced" if case == "full" else "sent", [])


def test_a_late_report_about_the_address_before_leaves_the_new_one_alone(fake: FakeSmtp) -> None:
    letter = sent()
    first = report(return_path(letter.id), RATNA)
    take_back(first)
    factories.party(letter.recipient_id, version=2, email="baru@example.org")
    resend_letter(letter.id, "address-works")
    jobs.send_due()
    assert (state_of(letter), fake.recipients) == ("sent", [RATNA, "baru@example.org"])
    take_back(first)
    assert (state_of(letter), Suppression.objects.count()) == ("sent", 1)


def test_mail_is_read_from_a_maildir_once_and_what_fails_stops_nobody(
    fake: FakeSmtp, choose: Choose, tmp_path: Path
) -> None:
    folder = tmp_path / "bounces"
    choose(SCORE_BOUNCE_MAILDIR=folder)
    bounce_jobs.READ_BOUNCES.run()
    letter = sent()
    (folder / "new" / "1.away.host").write_bytes(away(return_path(letter.id), RATNA))
    (folder / "new" / "2.large.host").write_bytes(b"x" * (3 * 2**20))
    (folder / "new" / "3.report.host").write_bytes(report(return_path(letter.id), RATNA))
    bounce_jobs.READ_BOUNCES.run()
    bounce_jobs.READ_BOUNCES.run()
    assert state_of(letter) == "bounced"
    assert sorted(path.name for path in folder.glob("*/*")) == ["1.away.host:2,S", "2.large.host"]
    choose(SCORE_MAIL_COPY_DAYS=0.0000001)
    bounce_jobs.READ_BOUNCES.run()
    assert list(folder.glob("*/*")) == []
