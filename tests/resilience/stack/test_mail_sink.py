"""The mail sink keeps what it accepts and shows it, and a hostile mail stays inert."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
import requests
from flufl.bounce import all_failures

from deploy.mailbox.messages import Mailbox
from deploy.platform.health import readiness
from shared.kernel import ids
from tests.resilience.stack.runner import REPOSITORY
from tests.support.waiting import until

pytestmark = pytest.mark.stack
CORRELATION = "0190b5a2-7c1e-7000-8000-000000000001"
ATTACK = "<script>document.title='owned'</script>"


class Sink:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.smtp_port, self.http_port = free_port(), free_port()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.mailbox.sink", "--smtp-port", str(self.smtp_port),
             "--http-port", str(self.http_port), "--dir", str(self.folder), "--keep", "3",
             "--bounces", str(self.folder.parent / "bounces")], cwd=REPOSITORY,
        )  # fmt: skip
        until(lambda: readiness(self.http_port).ready, "the mailbox answers")

    def send(self, message: EmailMessage | bytes) -> None:
        sender, to = "score@example.org", ["sari@example.org"]
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            if isinstance(message, bytes):
                smtp.sendmail(sender, to, message)
            else:
                smtp.send_message(message, sender, to)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.http_port}{path}", headers=headers, timeout=5)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    sink = Sink(tmp_path_factory.mktemp("mail"))
    yield sink
    assert sink.stop() == 0


def letter(subject: str = "Undangan pelatihan") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "SCORE <score@example.org>", "Sari <sari@example.org>"
    message["Subject"] = subject
    message["Message-ID"], message["Date"] = "<letter-1@example.org>", "Tue, 24 Nov 2026 09:00:00 +0700"
    message["X-Correlation-ID"] = CORRELATION
    message.set_content("Halo Sari – lihat http://127.0.0.1:8101/e/abc?x=1&y=2.\n")
    message.add_alternative(f"<p>Halo <b>Sari</b>{ATTACK}</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="undangan.ics")
    return message


def test_a_message_is_kept_listed_and_shown(sink: Sink) -> None:
    sink.send(letter())
    (found, *_) = sink.get(f"/messages.json?correlation={CORRELATION}").json()
    assert found["from"] == "SCORE <score@example.org>"
    assert found["to"] == "Sari <sari@example.org>"
    assert found["subject"] == "Undangan pelatihan"
    assert found["message_id"] == "<letter-1@example.org>"
    assert found["correlation"] == CORRELATION
    assert found["text"].startswith("Halo Sari –")
    assert ["Delivered-To", "sari@example.org"] in found["headers"]

    page = sink.get(f"/messages/{found['id']}")
    assert '<a href="http://127.0.0.1:8101/e/abc?x=1&amp;y=2" rel="noopener' in page.text
    assert "Undangan pelatihan" in sink.get("/").text
    assert letter()["Message-ID"].encode() in sink.get(f"/messages/{found['id']}.eml").content
    attachment = sink.get(f"/messages/{found['id']}/parts/0")
    assert attachment.content.strip() == b"BEGIN:VCALENDAR"
    assert attachment.headers["Content-Disposition"] == "attachment; filename*=UTF-8''undangan.ics"
    assert len(list(sink.folder.glob("*.eml"))) == 1


def test_pages_are_in_both_languages_and_times_are_local(sink: Sink) -> None:
    sink.send(letter())
    (found, *_) = sink.get("/messages.json?limit=1").json()
    address = f"/messages/{found['id']}"
    for page in ("/", address):
        assert "Selasa, 24 November 2026, 09.00 WIB" in sink.get(page).text
        assert "Tuesday, 24 November 2026, 09:00 WIB" in sink.get(page, **{"Accept-Language": "en-GB,en;q=0.8"}).text
    assert '<html lang="id">' in sink.get("/").text
    chosen = sink.get("/?lang=en")
    assert '<html lang="en">' in chosen.text
    assert chosen.headers["Set-Cookie"].startswith("score_lang=en; Path=/;")
    assert "Attachments" in sink.get(address, Cookie="score_lang=en").text
    assert "Lampiran" in sink.get(address, Cookie="score_lang=en; score_lang=xx").text
    assert found["html"].startswith("<p>Halo <b>Sari</b>")
    assert found["attachments"] == [
        {"name": "undangan.ics", "content_type": "text/calendar", "bytes": 15, "address": f"{address}/parts/0"}
    ]


def test_hostile_html_is_inert(sink: Sink) -> None:
    message = letter(subject=ATTACK)
    message.replace_header("To", f"{ATTACK} <sari@example.org>")
    sink.send(message)
    identity = sink.get("/messages.json?limit=1").json()[0]["id"]
    for path in ("/", f"/messages/{identity}", f"/?q={ATTACK}"):
        page = sink.get(path)
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
    assert '<iframe sandbox="" src=' in sink.get(f"/messages/{identity}").text
    inner = sink.get(f"/messages/{identity}/html")
    assert inner.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert "allow-" not in inner.headers["Content-Security-Policy"]


@pytest.mark.parametrize("raw", [
    b"Subject: =?utf-8?b?!!!?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\nhi\xff\r\n",
    b"Subject: \xff\xfe\r\nContent-Type: multipart/mixed; boundary=\r\n\r\nx\r\n",
    b"Content-Type: text/html; charset=\"\x00\"\r\nContent-Disposition: inline; filename*=x'y\r\n\r\n<b>\r\n",
    b"\r\n",
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 3000,
])  # fmt: skip
def test_a_malformed_message_is_shown_as_far_as_it_can_be(sink: Sink, raw: bytes) -> None:
    sink.send(raw)
    identity = sink.get("/messages.json?limit=1").json()[0]["id"]
    assert sink.get("/").status_code == 200
    assert sink.get(f"/messages/{identity}").status_code == 200
    assert sink.get(f"/messages/{identity}.eml").content.rstrip(b"\r\n").endswith(raw.rstrip(b"\r\n"))


def test_only_the_newest_are_kept_also_after_a_restart(sink: Sink) -> None:
    for number in range(5):
        sink.send(letter(subject=f"number {number}"))
    newest = ["number 4", "number 3", "number 2"]
    assert [one["subject"] for one in sink.get("/messages.json").json()] == newest
    assert sink.stop() == 0
    sink.start()
    assert [one["subject"] for one in sink.get("/messages.json").json()] == newest
    assert [one["subject"] for one in sink.get("/messages.json?subject=Number+3").json()] == ["number 3"]
    assert len(list(sink.folder.iterdir())) == 3


@pytest.mark.parametrize("path", [
    "/nothing", "/messages/", "/messages/../../etc/passwd", "/messages/x/parts/0", f"/messages/{CORRELATION}",
    f"/messages/{CORRELATION}/parts/99999999999",
])  # fmt: skip
def test_what_is_not_there_is_said_so(sink: Sink, path: str) -> None:
    assert sink.get(path).status_code == 404


def test_another_host_name_is_refused(sink: Sink) -> None:
    assert sink.get("/messages.json", Host="rebound.example.org").status_code == 421


def test_a_full_mailbox_forgets_the_oldest_files(tmp_path: Path) -> None:
    box = Mailbox(tmp_path, keep=2)
    kept = [box.keep(b"Subject: x\r\n\r\n", "a@example.org", []) for _ in range(4)]
    assert [one.id for one in box.summaries()] == kept[:1:-1]
    assert {path.stem for path in tmp_path.iterdir()} == set(kept[2:])
    assert [one.id for one in Mailbox(tmp_path, keep=2).summaries()] == kept[:1:-1]


def test_a_message_that_was_kept_long_enough_goes_without_a_new_one_coming(tmp_path: Path) -> None:
    box = Mailbox(tmp_path, keep=9, keep_seconds=3600)
    old, young = (box.keep(letter().as_bytes(), "a@example.org", ["b@example.org"]) for _ in range(2))
    os.utime(box.path(old), (0, 0))
    box.forget_old()
    assert [one.id for one in box.summaries()] == [young]
    assert [path.stem for path in tmp_path.glob("*.eml")] == [young]
    assert [one.id for one in Mailbox(tmp_path, keep=9, keep_seconds=3600).summaries()] == [young]


def test_mails_of_some_letters_are_removed_when_that_is_asked_as_json(sink: Sink) -> None:
    kept, gone = ids.new(), ids.new()
    for identity in (kept, gone):
        message = letter()
        message.replace_header("Message-ID", f"<{identity}@example.org>")
        sink.send(message)
    asked, where = {"letters": [str(gone)]}, f"http://127.0.0.1:{sink.http_port}/removals"
    assert requests.post(where, data=asked, timeout=5).status_code == 404, "as a form of another site's page would"
    assert requests.post(where, json={"letters": ["../x"]}, timeout=5).status_code == 400
    assert requests.post(where, json=asked, headers={"Host": "rebound.example.org"}, timeout=5).status_code == 421
    assert requests.post(where, json=asked, timeout=5).json() == {"removed": 1}
    found = [one["message_id"] for one in sink.get("/messages.json?limit=2").json()]
    assert f"<{kept}@example.org>" in found
    assert f"<{gone}@example.org>" not in found


def test_two_domains_refuse_and_return_what_is_sent_to_them(sink: Sink) -> None:
    path = "bounces+0@example.org"
    with smtplib.SMTP("127.0.0.1", sink.smtp_port) as smtp:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            smtp.send_message(letter(), path, ["x@refused.example.org"])
        smtp.send_message(letter(), path, ["x@returned.example.org"])
    (report,) = (sink.folder.parent / "bounces" / "new").iterdir()
    message = BytesParser().parsebytes(report.read_bytes())
    assert message["Delivered-To"] == path
    assert all_failures(message) == (frozenset(), frozenset({b"x@returned.example.org"}))
