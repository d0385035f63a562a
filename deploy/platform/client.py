"""A caller of the platform's public HTTP endpoints, with a token for each role it plays.

Used by the demonstration and by the loader of the sample programme: whatever they do, a partner's system can do too.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from deploy.platform.keys import Claims, mint
from deploy.platform.locate import plan_of
from deploy.platform.plan import Plan

TIMEOUT = 30
RETRYABLE = (409, 503)


class Refused(Exception):
    """The platform answered with a problem."""

    def __init__(self, method: str, url: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        places = "; ".join(
            f"{fault.get('pointer', '')} {fault.get('detail', '')}" for fault in problem.get("errors", [])
        )
        super().__init__(
            f"{method} {url}: {status} {problem.get('title', '')}: {problem.get('detail', '')} {places}".strip()
        )


class NotSeen(Exception):
    """What should have followed did not follow in time."""


@dataclass(frozen=True, slots=True)
class Exchange:
    method: str
    url: str
    status: int
    id: str | None


@dataclass(slots=True)
class Client:
    """Requests of one run. All carry the run's correlation id; `patience` bounds every wait, in seconds."""

    plan: Plan
    correlation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    patience: float = 60.0
    exchanges: list[Exchange] = field(default_factory=list)
    _tokens: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    _session: requests.Session = field(default_factory=requests.Session)

    def token(self, role: str, **ids: str) -> str:
        claims = (("role", role), *sorted(ids.items()))
        if claims not in self._tokens:
            self._tokens[claims] = mint(Claims(role=role, **ids), self.plan.keys)
        return self._tokens[claims]

    def url(self, service: str, path: str) -> str:
        declared = next(candidate for candidate in self.plan.services if candidate.name == service)
        return f"{self.plan.address(declared)}{path}"

    def post(
        self, service: str, path: str, token: str, body: dict[str, Any] | None = None, *, key: str | None = None
    ) -> Any:
        """Send a command. Wait out what the platform itself calls temporary: an event still on its way, a busy store."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        url = self.url(service, path)
        deadline = time.monotonic() + self.patience
        while True:
            answer = self._send("POST", url, token, headers=headers, json=body)
            retry_after = answer.headers.get("Retry-After")
            if answer.status_code in RETRYABLE and retry_after and time.monotonic() < deadline:
                time.sleep(min(float(retry_after), 2.0))
                continue
            return self._read_answer("POST", url, answer)

    def upload(self, service: str, path: str, token: str, content: bytes, *, key: str | None = None) -> Any:
        """Send a file as it is."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/octet-stream"}
        url = self.url(service, path)
        return self._read_answer("POST", url, self._send("POST", url, token, headers=headers, data=content))

    def post_openly(self, service: str, path: str, body: dict[str, Any]) -> Any:
        """Send a request of somebody who has no token."""
        url = self.url(service, path)
        return self._read_answer("POST", url, self._send("POST", url, None, json=body))

    def get(self, service: str, path: str, token: str, **query: str) -> Any:
        url = self.url(service, path)
        return self._read_answer("GET", url, self._send("GET", url, token, params=query))

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """Return what `look` returns once it returns something; raise `NotSeen` after the client's patience."""
        deadline = time.monotonic() + self.patience
        while True:
            result = look()
            if result:
                return result
            if time.monotonic() > deadline:
                raise NotSeen(f"{what}: not seen within {self.patience:.0f} s")
            time.sleep(0.1)

    def mailbox(self) -> list[dict[str, Any]]:
        answer = self._session.get(f"{self.plan.mailbox}messages.json", timeout=TIMEOUT)
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()
        return messages

    def quiet(self) -> bool:
        """Return whether nothing is on its way: every outbox sent, every group at the end of its topics."""
        for service in self.plan.services:
            scraped = self._session.get(
                f"http://127.0.0.1:{self.plan.metrics_port(service)}/metrics", timeout=TIMEOUT
            ).text
            for line in scraped.splitlines():
                if line.startswith(("score_outbox_pending{", "score_consumer_lag_events{")) and float(line.split()[-1]):
                    return False
        return True

    def ready(self) -> bool:
        """Return whether every service answers and every worker has its groups."""
        try:
            return all(
                self._session.get(f"http://127.0.0.1:{port}/health/ready", timeout=TIMEOUT).ok
                for service in self.plan.services
                for port in (self.plan.web_port(service), self.plan.metrics_port(service))
            )
        except requests.ConnectionError:
            return False

    def _send(
        self, method: str, url: str, token: str | None, *, headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        sent_headers = {"X-Correlation-ID": self.correlation_id, "Accept-Language": "en"}
        if token is not None:
            sent_headers["Authorization"] = f"Bearer {token}"
        answer = self._session.request(method, url, headers=sent_headers | (headers or {}), timeout=TIMEOUT, **options)
        body = answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {}
        self.exchanges.append(
            Exchange(method, url, answer.status_code, body.get("id") if isinstance(body, dict) else None)
        )
        return answer

    def _read_answer(self, method: str, url: str, answer: requests.Response) -> Any:
        if answer.ok:
            return answer.json() if answer.content else None
        try:
            problem = answer.json()
        except ValueError:
            problem = {"title": answer.reason}
        raise Refused(method, url, answer.status_code, problem)


def client_for(data: Path, offset: int | None = None) -> Client:
    """Return a client of the stack that runs on the data folder; an `offset` means one whose folder does not tell."""
    return Client(plan_of(data.resolve(), offset))
