"""Serves the mailbox on loopback: the list, a message, its parts, and everything as JSON.

Nothing of a mail is trusted: text is escaped, HTML is shown only inside a sandboxed frame under a policy that allows
neither scripts nor loading, attachments are only offered for download. Requests for another host name are refused, so a
web page elsewhere cannot read the mails through the browser.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from deploy.mailbox.messages import Mailbox, Summary, attachments, body, headers, parsed
from deploy.mailbox.pages import language_of, list_page, message_page, missing_page
from shared.i18n.language import COOKIE
from shared.i18n.languages import LANGUAGES

STYLE = (Path(__file__).parent / "mailbox.css").read_bytes()
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
FILE_POLICY = "sandbox; default-src 'none'"
HTML, JSON = "text/html; charset=utf-8", "application/json"
PER_PAGE = 100
FILTERS = {"from": "sender", "to": "to", "subject": "subject", "message_id": "message_id", "correlation": "correlation"}
HOSTS = {"127.0.0.1", "localhost", "[::1]"}


def serve_mailbox(mailbox: Mailbox, port: int) -> ThreadingHTTPServer:
    """Start serving in a thread; `shutdown()` of what is returned ends it."""

    class Handler(MailboxHandler):
        box = mailbox

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="mailbox", daemon=True).start()
    return server


def as_json(box: Mailbox, summary: Summary) -> dict[str, object]:
    fields = asdict(summary)
    fields["from"] = fields.pop("sender")
    raw = box.raw(summary.id)
    try:
        message = parsed(raw or b"")
        return {
            **fields, "headers": headers(message), "text": body(message, "plain"), "html": body(message, "html"),
            "attachments": [
                {"name": part.name, "content_type": part.content_type, "bytes": len(part.content),
                 "address": f"/messages/{summary.id}/parts/{number}"}
                for number, part in enumerate(attachments(message))
            ],
        }  # fmt: skip
    except RecursionError:
        return {**fields, "headers": [], "text": "", "html": "", "attachments": []}


def _number(text: str) -> int | None:
    """Read a small number of a web address; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


class MailboxHandler(BaseHTTPRequestHandler):
    box: Mailbox
    timeout = 10

    def do_GET(self) -> None:
        if (self.headers.get("Host") or "").rpartition(":")[0] not in HOSTS:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"this page is for this machine only\n")
            return
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        fixed: dict[str, Callable[[], None]] = {
            "/": lambda: self._list(query),
            "/messages.json": lambda: self._json(query),
            "/mailbox.css": lambda: self._answer(HTTPStatus.OK, "text/css", STYLE),
            "/health/ready": lambda: self._answer(HTTPStatus.OK, JSON, b'{"status":"ready"}'),
        }
        if address.path in fixed:
            fixed[address.path]()
        else:
            self._serve_message(address.path.strip("/").split("/"))

    def do_POST(self) -> None:
        """Remove the mails of letters whose recipients were erased. JSON comes from no form of another site's page."""
        if (self.headers.get("Host") or "").rpartition(":")[0] not in HOSTS:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"this page is for this machine only\n")
            return
        size = _number(self.headers.get("Content-Length") or "")
        if self.path != "/removals" or self.headers.get_content_type() != JSON or size is None:
            self._answer(HTTPStatus.NOT_FOUND, HTML, missing_page(self._said_in()).encode())
            return
        try:
            letters = {str(UUID(letter)) for letter in json.loads(self.rfile.read(size))["letters"]}
        except (ValueError, TypeError, KeyError, AttributeError):
            self._answer(HTTPStatus.BAD_REQUEST, "text/plain", b"letters: a list of ids\n")
            return
        removed = self.box.remove(letters)
        self._answer(HTTPStatus.OK, JSON, json.dumps({"removed": removed}).encode())

    def _said_in(self) -> str:
        wished = parse_qs(urlsplit(self.path).query).get("lang", [""])[-1]
        return language_of(wished, self.headers.get("Cookie") or "", self.headers.get("Accept-Language") or "")

    def _list(self, query: dict[str, str]) -> None:
        summaries = self._search(query)
        number = max(_number(query.get("page", "")) or 1, 1)
        shown, more = summaries[(number - 1) * PER_PAGE : number * PER_PAGE], len(summaries) > number * PER_PAGE
        self._answer(
            HTTPStatus.OK,
            HTML,
            list_page(shown, len(summaries), number, more, query.get("q", ""), said_in=self._said_in()).encode(),
        )

    def _search(self, query: dict[str, str]) -> list[Summary]:
        filters = {field: query[name] for name, field in FILTERS.items() if query.get(name)}
        summaries = self.box.summaries(**filters)
        text = query.get("q", "").lower()
        return [
            summary
            for summary in summaries
            if not text or text in f"{summary.sender} {summary.to} {summary.subject}".lower()
        ]

    def _json(self, query: dict[str, str]) -> None:
        summaries = self._search(query)[: _number(query.get("limit", ""))]

        def pieces() -> Iterator[bytes]:
            yield b"["
            for number, summary in enumerate(summaries):
                yield b"," if number else b""
                yield json.dumps(as_json(self.box, summary)).encode("ascii")
            yield b"]\n"

        self._answer(HTTPStatus.OK, JSON, pieces())

    def _serve_message(self, path: list[str]) -> None:
        """Answer /messages/<id>, /messages/<id>.eml, /messages/<id>/html, /messages/<id>/parts/<number>"""
        identity, eml, _ = path[1].partition(".eml") if len(path) > 1 and path[0] == "messages" else ("", "", "")
        raw = self.box.raw(identity)
        if raw is None:
            self._answer(HTTPStatus.NOT_FOUND, HTML, missing_page(self._said_in()).encode())
            return
        try:
            message = parsed(raw)
            match path[2:]:
                case [] if eml:
                    self._file(f"{identity}.eml", raw)
                case []:
                    summary = next((candidate for candidate in self.box.summaries(id=identity)), None)
                    page = missing_page(self._said_in()) if summary is None else message_page(
                        summary, headers(message), body(message, "plain"), bool(body(message, "html")), attachments(message),
                        said_in=self._said_in(),
                    )  # fmt: skip
                    self._answer(HTTPStatus.OK, HTML, page.encode("utf-8", "replace"))
                case ["html"]:
                    self._answer(HTTPStatus.OK, HTML, body(message, "html").encode("utf-8", "replace"), MAIL_POLICY)
                case ["parts", number] if (place := _number(number)) is not None and place < len(attachments(message)):
                    part = attachments(message)[place]
                    self._file(part.name, part.content)
                case _:
                    self._answer(HTTPStatus.NOT_FOUND, HTML, missing_page(self._said_in()).encode())
        except RecursionError:  # a mail of thousands of nested parts
            self._file(f"{identity}.eml", raw)

    def _file(self, name: str, content: bytes) -> None:
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
        self._answer(HTTPStatus.OK, "application/octet-stream", content, FILE_POLICY, disposition)

    def _answer(
        self,
        status: HTTPStatus,
        kind: str,
        content: bytes | Iterator[bytes],
        policy: str = PAGE_POLICY,
        disposition: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        if (wished := parse_qs(urlsplit(self.path).query).get("lang", [""])[-1]) in LANGUAGES:
            self.send_header("Set-Cookie", f"{COOKIE}={wished}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")
        if disposition:
            self.send_header("Content-Disposition", disposition)
        if isinstance(content, bytes):
            self.send_header("Content-Length", str(len(content)))
            content = iter([content])
        self.end_headers()
        for piece in content:
            self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
        """Write no line: addresses of mails are no matter for a log."""

    def version_string(self) -> str:
        return "score-mailbox"
