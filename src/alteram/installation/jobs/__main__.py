"""Run the jobs until told to stop."""

from alteram.installation.serving import set_up

set_up()

from alteram.installation.jobs.running import run_until_told  # noqa: E402 - Django first needs its settings

run_until_told()
