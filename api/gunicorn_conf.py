"""How gunicorn serves Dateline: read by gunicorn in its master, before the workers."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from api.current import dismiss
from api.logs import configure
from api.settings import load, metrics_folder
from api.worker import DeadlineThreadWorker

_settings = load()
configure(_settings)

DeadlineThreadWorker.head_seconds = _settings.head_seconds
DeadlineThreadWorker.body_seconds = _settings.body_seconds

bind = f"{_settings.host}:{_settings.port}"
if ":" in _settings.host:
    bind = f"[{_settings.host}]:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = DeadlineThreadWorker
worker_connections = 1_000
timeout = _settings.request_seconds
graceful_timeout = 30
keepalive = 5
max_requests = 50_000
max_requests_jitter = 5_000
limit_request_line = 8_190
limit_request_fields = 64
forwarded_allow_ips = _settings.proxies or "127.0.0.1"
proc_name = "dateline"
accesslog = None
control_socket_disable = True
# Every turn of a worker's loop touches a file there: on a disk that costs as much as
# reading a request.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a file without a name
worker_tmp_dir = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    # Everything goes through the root, which api.logs has set up.
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
    "root": {"handlers": [], "level": "INFO"},
}


def on_starting(server: Any) -> None:
    """Start with an empty folder of metrics: old counts must not come back."""
    metrics_folder(tempfile.mkdtemp(prefix="dateline-metrics-"))


def post_fork(server: Any, worker: Any) -> None:
    """Set up logging in the worker; gunicorn has replaced what the master had."""
    configure(_settings)


def worker_exit(server: Any, worker: Any) -> None:
    """Let the engine of the worker go, so that its files are closed in order."""
    if worker.wsgi is not None:
        dismiss(worker.wsgi)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that ended."""
    # Imported before on_starting, prometheus_client would count for one process only.
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    folder = metrics_folder()
    if folder and Path(folder).name.startswith("dateline-metrics-"):
        shutil.rmtree(folder, ignore_errors=True)
