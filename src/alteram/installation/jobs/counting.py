"""Statistics of quarters that are over are counted before anybody asks, one quarter at a time."""

from alteram.bootstrap import Opened
from alteram.installation.asking import build_asking
from alteram.installation.releases import StatisticsRelease
from alteram.installation.statistics import find_quarters_over, get_release_of


def count_quarter(name: str, opened: Opened) -> None:
    """Count the newest quarter that is over and was not counted yet, and keep its release."""
    del opened
    asking = build_asking(name, None)
    kept = set(StatisticsRelease.objects.filter(organisation=name).values_list("quarter", flat=True))
    quarter = next((one for one in find_quarters_over(asking) if one.name not in kept), None)
    if quarter is not None:
        get_release_of(asking, quarter)
