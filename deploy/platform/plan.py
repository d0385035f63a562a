"""Plans one run of the stack: its ports, addresses, commands and the environment of its processes.

Everything is derived from the declarations of the services, a data folder and an offset; nothing is started here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.kernel.service import Service

STORE_PORT, BROKER_PORT, SMTP_PORT, MAILBOX_PORT = 27117, 19092, 8125, 8126


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one run: `kafka` and `mongo` name engines that run elsewhere; None starts the embedded ones."""

    data: Path
    services: tuple[Service, ...]
    folder: Path
    offset: int = 0
    kafka: str | None = None
    mongo: str | None = None
    migrate: tuple[str, ...] = (sys.executable, "-m", "deploy.migrate")
    sample: tuple[str, ...] | None = (sys.executable, "-m", "deploy.demo.sample")
    inherited: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def store_port(self) -> int:
        return STORE_PORT + self.offset

    @property
    def broker_port(self) -> int:
        return BROKER_PORT + self.offset

    @property
    def smtp_port(self) -> int:
        return SMTP_PORT + self.offset

    @property
    def mailbox_port(self) -> int:
        return MAILBOX_PORT + self.offset

    @property
    def mongo_url(self) -> str:
        return self.mongo or f"mongodb://127.0.0.1:{self.store_port}"

    @property
    def kafka_addresses(self) -> str:
        return self.kafka or f"127.0.0.1:{self.broker_port}"

    @property
    def mailbox(self) -> str:
        return f"http://127.0.0.1:{self.mailbox_port}/"

    @property
    def bounces(self) -> Path:
        return self.data / "bounces"

    @property
    def bounce_options(self) -> tuple[str, ...]:
        chosen = self.inherited.get("SCORE_MAIL_BOUNCES")
        return ("--bounce-address", chosen) if chosen else ()

    def web_port(self, service: Service) -> int:
        return self._port(f"SCORE_{service.name.upper()}_PORT", service.port)

    def metrics_port(self, service: Service) -> int:
        return self._port(f"SCORE_{service.name.upper()}_METRICS_PORT", service.metrics_port)

    def _port(self, variable: str, declared: int) -> int:
        return int(self.inherited.get(variable) or declared + self.offset)

    def address(self, service: Service) -> str:
        return f"http://127.0.0.1:{self.web_port(service)}"

    @property
    def ports(self) -> dict[str, int]:
        """Return every port this run listens on, by what needs it."""
        ports = {} if self.mongo else {"the store": self.store_port}
        ports |= {} if self.kafka else {"the broker": self.broker_port}
        ports |= {"the mail sink": self.smtp_port, "the mailbox page": self.mailbox_port}
        for service in self.services:
            ports[f"{service.name} worker"] = self.metrics_port(service)
            ports[f"{service.name} web"] = self.web_port(service)
        return ports

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def logs(self) -> Path:
        """Return the folder of what each process of the stack writes to its output."""
        return self.data / "logs"

    @property
    def marks(self) -> Path:
        """Return the folder of the marks that the stack's processes leave, for the case that their runner is killed."""
        return self.data / "processes"

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of the stack. The caller's own settings pass through."""
        addresses = ",".join(f"{service.name}={self.address(service)}" for service in self.services)
        own = {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # twelve processes share what the first one compiled
            "SCORE_DATA": str(self.data),
            "SCORE_NUDGES": str(self.data / "nudges"),
            "SCORE_MONGO_URL": self.mongo_url,
            "SCORE_KAFKA": self.kafka_addresses,
            "SCORE_SMTP": f"127.0.0.1:{self.smtp_port}",
            "SCORE_MAILBOX": self.mailbox,
            "SCORE_BOUNCE_MAILDIR": str(self.bounces),
            "SCORE_QUIET_HOURS": self.inherited.get("SCORE_QUIET_HOURS", ""),  # its mailbox wakes nobody
            "SCORE_MAIL_PER_HOUR": self.inherited.get("SCORE_MAIL_PER_HOUR", "1000"),  # nor does it fill up
            "SCORE_JWKS_URL": (self.keys / "jwks.json").as_uri(),
            "SCORE_SIGNING_KEY": str(self.keys / "signing.pem"),
            "SCORE_PEOPLE_FILE": str(self.data / "people.json"),
            "SCORE_ADDRESSES": addresses,
        }
        if self.kafka:  # bounds are for the embedded broker, which rewrites its whole log
            for bound in ("SCORE_TOPIC_RETENTION_MS", "SCORE_TOPIC_RETENTION_BYTES"):
                own[bound] = self.inherited.get(bound, "-1")
        if not self.inherited.get("SCORE_COOKIE_SECRET"):
            own["SCORE_COOKIE_SECRET_FILE"] = str(self.keys / "cookie.secret")
        for service in self.services:
            own[f"SCORE_{service.name.upper()}_PORT"] = str(self.web_port(service))
            own[f"SCORE_{service.name.upper()}_METRICS_PORT"] = str(self.metrics_port(service))
        return {**self.inherited, **own}
