"""Configures gunicorn for a service: threads, a graceful end, metrics that survive several workers.

The worker is our own (`gunicorn_worker.py`), so that slow clients hold no threads; one per service is enough on one machine
(the store is the limit). The control socket is off: it has one fixed path per user, and six services would share it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from shared.kernel.service import declared
from shared.kernel.settings.current import settings

_config = settings()
_service = next(service for service in declared() if service.name == os.environ["SCORE_SERVICE"])

bind = f"{_config.bind}:{os.environ.get(f'SCORE_{_service.name.upper()}_PORT', _service.port)}"
worker_class = "shared.process.gunicorn_worker.BufferingWorker"
workers = _config.web_workers
threads = _config.web_threads
worker_connections = _config.web_connections
timeout = _config.web_timeout
graceful_timeout = 20
keepalive = 5
control_socket_disable = True
accesslog = None
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - a memory file system for heartbeats
limit_request_line = 4096
limit_request_field_size = 16_384
forwarded_allow_ips = ",".join(_config.proxies)
sendfile = False  # what is sent goes through the worker's buffers

if workers > 1:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=f"score-{_service.name}-metrics-")


def child_exit(_server: Any, worker: Any) -> None:
    if workers > 1:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
