"""What a cure intends next: an act by name, about some entries, because of some requirement or refusal."""

from dataclasses import dataclass
from datetime import datetime

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId


@dataclass(frozen=True, slots=True)
class Intent:
    """An act that would help. `about` are entries it bears on, `demand` the requirement it serves.

    `earliest` is a time from which what the act names would be lawful; `concerns` are people the finding is about;
    `ruled_by` are the parts that may rule on the requirement, `protects` is whom the cure is for. `role` is a part that
    somebody must be given, `to_act` an act that must be agreed to.
    """

    act: str
    about: tuple[int, ...] = ()
    demand: str = ""
    earliest: datetime | None = None
    concerns: tuple[PersonId, ...] = ()
    protects: Role = "respondent"
    ruled_by: tuple[Role, ...] = ()
    role: Role | None = None
    to_act: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what makes two intents the same errand."""
        return (self.act, self.demand if self.act == "ruling.made" else "", self.role or self.to_act)
