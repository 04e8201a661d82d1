"""The secret call of the story: who agreed to being recorded, what the law says of it, and the ruling that cites it."""

from typing import Final

from alteram.cli.story.people import CHAIR, CONFIDENCE, RESPONDENT
from alteram.cli.story.player import Player
from alteram.core.acts import ConsentRecorded, ExhibitRuled
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.entries import enter
from alteram.operations.exhibits.showing import show_exhibit

_CALL: Final = "e2"
_OTHER: Final = PersonId("m06")


def rule_on_call(player: Player) -> None:
    """Have both speakers say whether they consented, and the chair rule, citing the rule that the packs carry."""
    player.do(CONFIDENCE, RESPONDENT, ConsentRecorded(exhibit=_CALL, speaker=RESPONDENT, state="before"))
    player.do(CONFIDENCE, _OTHER, ConsentRecorded(exhibit=_CALL, speaker=_OTHER, state="after"))
    shown = show_exhibit(enter(player.organisation, CONFIDENCE, CHAIR), _CALL)
    for one in shown.consents:
        player.add(f"{one.speaker}: {one.state}; the rule is met: {one.rule_met.result}")
    cites = None
    if shown.rule is not None:
        cites = shown.rule.citation
        player.add(f"the rule: {shown.rule.rule.title} ({cites})")
    reasons = "Whole, and both speakers agree to its use."
    player.do(CONFIDENCE, CHAIR, ExhibitRuled(exhibit=_CALL, admissible=True, reasons=reasons, cites=cites))
    player.add(f"it may be used: {reasons}")
