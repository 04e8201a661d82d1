"""The process that does long work: one after another, so that the rest of the machine goes on.

What it was at when it was stopped is begun again: no work does harm when it is done twice.
"""

import time
from typing import Final

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

#: Seconds between two looks for more.
INTERVAL: Final = 1.0
_QUEUE: Final = "default"


def run_long_work() -> None:
    """Do what is asked for, until this process is ended."""
    begin_again()
    while True:
        close_old_connections()
        # The worker locks the database to take a task: it is asked only when there is one.
        if DBTaskResult.objects.ready().exists():
            do_waiting()
        time.sleep(INTERVAL)


def do_waiting() -> None:
    """Do all that waits, then return."""
    Worker(
        queue_names=[_QUEUE],
        interval=INTERVAL,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    ).run()


def begin_again() -> None:
    """Let what was under way when the process was stopped wait again."""
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None, worker_ids=[]
    )
