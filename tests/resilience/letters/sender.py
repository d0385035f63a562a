"""Sends letters as a worker of notifications does, under its lease, and nothing else; the run kills it by failpoints."""

from __future__ import annotations

import threading

from services.notifications.sending.jobs import SEND_LETTERS
from services.notifications.service import SERVICE
from shared.i18n.catalogues import Catalogues
from shared.observability import logs
from shared.process.loops.leased import TimerLoop
from shared.storage import connection


def main() -> None:
    logs.configure(SERVICE.name, "sender")
    connection.connect(SERVICE.name)
    with Catalogues.of(SERVICE).in_use():
        TimerLoop(SERVICE, threading.Event(), (SEND_LETTERS,)).run()


if __name__ == "__main__":
    main()
