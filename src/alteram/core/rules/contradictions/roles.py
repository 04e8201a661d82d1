"""Which parts somebody can have, and which acts give them."""

from typing import Final

from alteram.core.acts.catalogue import Role
from alteram.core.rules.rulebook import Rulebook

#: Acts that give a part to whoever had none of it.
GIVING: Final[dict[str, tuple[str, ...]]] = {
    "case-manager": ("case-manager.assigned",),
    "investigator": ("investigator.appointed",),
    "respondent": ("matter.accepted", "report.lodged", "party.joined"),
    "complainant": ("matter.accepted", "report.lodged", "party.joined"),
    "reporter": ("report.lodged",),
    "companion": ("companion.named",),
    "representative": ("companion.named",),
    "mediator": ("mediator.chosen",),
    "contact-person": ("contact-person.named",),
    "appeal-decider": ("appeal-panel.formed",),
}
_ALWAYS: Final = frozenset({"anyone", "member", "witness", "secretary"})


def stands(rulebook: Rulebook, role: Role) -> bool:
    """Return whether somebody can have a part: by office, by sitting in a body that decides, or by some act."""
    return role in GIVING or holds_beforehand(rulebook, role)


def holds_beforehand(rulebook: Rulebook, role: Role) -> bool:
    """Return whether somebody has a part in every matter, without any act in it."""
    if role in _ALWAYS or any(role in office.plays for office in rulebook.offices):
        return True
    deciding = {name for one in rulebook.procedures for name in (one.decided_by, one.appeal_to)}
    return any(role in body.plays for body in rulebook.bodies if body.id in deciding)
