"""Runs a service's worker: relay, consumer groups, timers, control topic, each a loop in a thread of its own.

A loop that dies ends the process, so that the supervisor starts a whole one; so does a group that has records to read and
does not get on, after it has printed where every thread stands (exit code 70). SIGTERM drains: the current batch is
finished and its offset committed, leases are released, the group is left. Health and metrics are served on the metrics
port: ready means that the store answers, the leases were tried and every group has its partitions.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from contextvars import copy_context
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NoReturn

from pymongo.errors import PyMongoError

from shared.access.suspensions import groups_of
from shared.domain import not_known
from shared.i18n.catalogues import Catalogues
from shared.kernel.service import Service, version
from shared.kernel.settings.current import settings
from shared.messaging.inbox.runner import GroupRunner
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Requests
from shared.messaging.projections.rebuild import ProjectionRunner
from shared.messaging.waits import require_ending
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.messaging.wakeups.local import LocalListener
from shared.observability import logs, metrics
from shared.process.collections import collections_of
from shared.process.jobs import timers_of
from shared.process.loops.control import ControlLoop
from shared.process.loops.leased import RelayLoop, TimerLoop
from shared.storage import connection, migrations

log = logs.get(__name__)
LOOK_SECONDS = 0.2
STANDS_STILL = 70  # exit code: something inside went wrong that a new process does not inherit (sysexits' EX_SOFTWARE)
SILENT_SECONDS = 10.0  # until a connection to the metrics port that says nothing is ended
DRAIN_SECONDS = 8.0  # the runner kills what has not ended ten seconds after it was asked to


class Worker:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._catalogues = Catalogues.of(service)
        self._stop = threading.Event()
        self._control_log = KafkaLog(f"{service.name}-requests-{os.getpid()}")
        requests = Requests(service.name, self._control_log)
        self._relay = RelayLoop(service, self._stop)
        self._timers = TimerLoop(service, self._stop, timers_of(service))
        self._wakeup = ConsumerWakeup(f"{service.name}-wakeup-{os.getpid()}", self._stop)
        self._groups = [
            (ProjectionRunner if group.projection else GroupRunner)(
                service.name, group, requests, self._stop, self._wakeup
            )
            for group in groups_of(service)
        ]
        not_known.forget_other_groups([runner.group.group for runner in self._groups])
        self._control = ControlLoop(service, requests, self._stop)
        self._listener = LocalListener(service.name, self._relay.watch.written.set, self._wakeup.note_growth)
        self._relay.watch.nudged = self._wakeup.nudged = self._listener.open

    def run(self) -> int:
        # a handler runs in the middle of anything: setting an event there could lock up
        signals_received: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _frame: signals_received.append(received))
        server = self._serve_health()
        loops = {"relay": self._relay.run, "outbox watch": self._relay.watch.run}
        loops |= {"timers": self._timers.run, "control": self._control.run, "wakeup": self._wakeup.run}
        loops |= {"nudges": lambda: self._listener.run(self._stop)} if self._listener.open else {}
        loops |= {runner.group.group: runner.run for runner in self._groups}
        with self._catalogues.in_use():
            threads = [
                threading.Thread(target=copy_context().run, args=(run,), name=name, daemon=True)
                for name, run in loops.items()
            ]
        for thread in threads:
            thread.start()
        log.info("worker started", groups=[runner.group.group for runner in self._groups])
        while not signals_received:
            time.sleep(LOOK_SECONDS)
            dead = [thread.name for thread in threads if not thread.is_alive()]
            if dead:
                log.error("a loop died, the worker ends", loops=dead)
                _end_at_once(1)  # the other loops may be in the middle of anything; the next start is a clean one
            if stalled := [runner.group.group for runner in self._groups if self._is_stalled(runner)]:
                log.error("a group stands still, the worker ends", groups=stalled)
                faulthandler.dump_traceback(all_threads=True)
                _end_at_once(STANDS_STILL)
        self._stop.set()
        self._drain(threads)
        server.shutdown()
        log.info("worker stopped")
        return 0

    def _is_stalled(self, runner: GroupRunner | ProjectionRunner) -> bool:
        return runner.seconds_stalled > settings().standstill_seconds

    def _drain(self, threads: list[threading.Thread]) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        late = [thread.name for thread in threads if thread.is_alive()]
        if late:  # they wait for a dependency; whatever they hold is unfinished, and done again by the next worker
            log.warning("worker stopped before its loops had ended", loops=late)
            _end_at_once(0)
        self._control_log.close()

    def readiness(self) -> tuple[bool, dict[str, str]]:
        checks = {"store": "ok", "draining": "yes" if self._stop.is_set() else "no"}
        try:
            connection.require_working()
        except PyMongoError as error:
            checks["store"] = type(error).__name__
        checks["relay"] = (
            "holds its lease" if self._relay.holding else "standing by" if self._relay.lease.tried else "starting"
        )
        checks |= {runner.group.group: _reading(runner) for runner in self._groups}
        ready = (
            checks["store"] == "ok"
            and not self._stop.is_set()
            and self._relay.lease.tried
            and self._timers.lease.tried
            and all(runner.assigned and not runner.unread for runner in self._groups)
        )
        return ready, checks

    def _serve_health(self) -> ThreadingHTTPServer:
        worker = self

        class Handler(BaseHTTPRequestHandler):
            timeout = SILENT_SECONDS

            def do_GET(self) -> None:
                if self.path == "/metrics":
                    self._answer(200, metrics.scrape(), "text/plain; version=0.0.4; charset=utf-8")
                elif self.path == "/health/live":
                    self._answer(200, b'{"status": "alive"}', "application/json")
                elif self.path == "/health/ready":
                    ready, checks = worker.readiness()
                    body = json.dumps({"status": "ready" if ready else "not ready", "checks": checks}).encode()
                    self._answer(200 if ready else 503, body, "application/json")
                else:
                    self._answer(404, b"{}", "application/json")

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is the library's
                del format, args

        port = int(os.environ.get(f"SCORE_{self._service.name.upper()}_METRICS_PORT", self._service.metrics_port))
        server = ThreadingHTTPServer((settings().bind, port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        return server


def _reading(runner: GroupRunner | ProjectionRunner) -> str:
    if runner.unread:
        return f"nobody reads {', '.join(runner.unread)}"
    return "assigned" if runner.assigned else "not assigned"


def _end_at_once(code: int) -> NoReturn:
    with suppress(OSError):  # the disk of its output may be full
        sys.stdout.flush()
    os._exit(code)


def run(service: Service) -> int:
    logs.configure(service.name, "worker")
    connection.connect(service.name)
    migrations.require(service, collections_of(service))
    require_ending(groups_of(service))
    metrics.BUILD.labels(service.name, version()).set(1)
    return Worker(service).run()
