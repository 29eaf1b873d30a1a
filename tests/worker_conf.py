"""gunicorn's configuration for the tests of the worker: deadlines that pass soon."""

from api.worker import DeadlineThreadWorker

DeadlineThreadWorker.head_seconds = 1
DeadlineThreadWorker.body_seconds = 2

worker_class = DeadlineThreadWorker
threads = 4
control_socket_disable = True
