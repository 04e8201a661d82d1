"""Run the jobs until told to stop."""

import signal
import threading

from alteram.installation.serving import set_up

set_up()

from alteram.installation.jobs.running import run_jobs  # noqa: E402 - Django first needs its settings

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
run_jobs(stop)
