"""The dispute of `the-night-before`, played live: what went wrong is tried and refused, then the lawful way is taken.

Two linked matters: `live-conduct` (a member complains of bullying by a whip) and `live-confidence` (the same member is
charged with breaking the confidence of the caucus). Everybody is a role; m05 is complainant in one and respondent in
the other.
"""

from collections.abc import Callable

from alteram.cli.story.charge import charge, complain, go_wrong
from alteram.cli.story.evidence import Evidence, find_evidence
from alteram.cli.story.hearing import decide, hear
from alteram.cli.story.investigation import investigate
from alteram.cli.story.people import FINISHED, PARTIES
from alteram.cli.story.player import Player
from alteram.core.rules import Rulebook
from alteram.operations.organisation import Organisation

__all__ = ["FINISHED", "PARTIES", "find_evidence", "play_story"]


def play_story(
    organisation: Organisation, rules: Rulebook, tell: Callable[[str], None], evidence: Evidence | None = None
) -> None:
    """Play the dispute to its end, telling each step; without `evidence`, its acts are done without files.

    Raises: StoryError when a step comes out otherwise.
    """
    player = Player(organisation, rules, tell)
    complain(player)
    charge(player)
    go_wrong(player)
    investigate(player, evidence)
    exhibits = hear(player)
    decide(player, exhibits)
