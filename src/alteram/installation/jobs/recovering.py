"""Letting in again whom nobody objected to in time."""

from alteram.bootstrap import Opened
from alteram.installation.asking import build_asking
from alteram.installation.organisations import read_now
from alteram.installation.recovery import settle_due


def settle_recoveries(name: str, opened: Opened) -> None:
    """Do what has waited for its week."""
    del opened
    settle_due(name, build_asking(name, None).title, at=read_now())
