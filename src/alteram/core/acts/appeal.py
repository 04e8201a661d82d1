"""Appeal and review: by people who have not sat before."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, DigestHex, Ids, Label, People, Ref, Text

_AREA: Final = "appeal"


@act("appeal.lodged/1", area=_AREA, by=("respondent", "complainant", "representative"))
class AppealLodged(Act, frozen=True, kw_only=True):
    """Appeal against a decision, a sanction or an interim measure, with grounds."""

    against: Ref
    grounds: tuple[Literal["procedure", "evidence", "sanction", "bias", "new-evidence"], ...]
    text: Text


@act("appeal.admitted/1", area=_AREA, by=("appeal-decider", "secretary"))
class AppealAdmitted(Act, frozen=True, kw_only=True):
    """Admit an appeal."""

    appeal: Ref


@act("appeal.refused/1", area=_AREA, by=("appeal-decider",))
class AppealRefused(Act, frozen=True, kw_only=True):
    """Refuse to admit an appeal, with reasons."""

    appeal: Ref
    reasons: Text


@act("appeal-panel.formed/1", area=_AREA, by=("secretary", "custodian"), open_to="parties")
class AppealPanelFormed(Act, frozen=True, kw_only=True):
    """Name who hears the appeal: people who have not sat, investigated, accused or testified before."""

    members: People
    appeal: Ref | None = None


@act("appeal.decided/1", area=_AREA, by=("appeal-decider",))
class AppealDecided(Act, frozen=True, kw_only=True):
    """Decide the appeal: upheld, varied, quashed or sent back, with reasons."""

    appeal: Ref
    outcome: Literal["upheld", "varied", "quashed", "sent-back"]
    panel: People = ()
    motions: Ids = ()
    reasons: Text
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""
    exhibits: Ids = ()
    """The exhibits it rests on; none: it rests on no exhibit."""


@act("review.asked/1", area=_AREA, by=("complainant", "reporter", "respondent"))
class ReviewAsked(Act, frozen=True, kw_only=True):
    """Ask for a review of a refusal to act, or to hear an appeal."""

    of: Ref
    text: Text | None = None


@act("review.decided/1", area=_AREA, by=("custodian", "appeal-decider"))
class ReviewDecided(Act, frozen=True, kw_only=True):
    """Decide the review of a refusal to act."""

    review: Ref
    outcome: Literal["confirmed", "to-be-taken-up", "referred"]
    reasons: Text
    to: Label | None = None
