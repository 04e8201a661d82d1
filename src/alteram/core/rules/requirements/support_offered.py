"""Both sides are offered support before they are first interviewed or judged (PWSS Act 2023 (Cth); ipsc.gov.au).

An offer counts for the person it was made to: one that is only reported needs that person's own agreement. Whether it
was taken up is the person's affair.
"""

from alteram.core.acts import DecisionMade, InterviewHeld, SupportOffered
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class SupportOfferedParameters(Parameters, frozen=True, kw_only=True):
    """`to`: the roles whose holders are offered support."""

    to: tuple[Role, ...] = ("complainant", "respondent")


@requirement(
    "support-offered",
    covers=("P6",),
    parameters=SupportOfferedParameters,
    anchors=(InterviewHeld, DecisionMade),
    reads=(SupportOffered,),
)
def check_support_offered(view: View, parameters: SupportOfferedParameters, anchor: AnyEvent) -> Finding:
    """Every party named by the rules was offered support before the first interview and before the decision."""
    people = sorted({person for role in parameters.to for person in view.holders(role)})
    if not people:
        return view.missing(anchor, phrase("Nobody is named to whom support would be offered."), acts=("party.joined",))
    return view.weigh(anchor, worst(_offered(view, anchor, person) for person in people))


def _offered(view: View, anchor: AnyEvent, person: PersonId) -> Finding:
    offers = [one for one in view.all(SupportOffered) if one.act.to == person and one.before(anchor) is not False]
    counted = [one for one in offers if one.supports(frozenset({person})) and one.before(anchor)]
    if counted:
        return passed(phrase("Support was offered in time."), entries=(counted[0].seq, anchor.seq))
    return view.missing(
        anchor,
        phrase("Nothing shows that support was offered to {person} before this.", person=as_person(person)),
        alleged=[one for one in offers if not one.corrected],
        acts=("support.offered",),
        cures=(
            Cure(
                "support.offered",
                ("case-manager", "contact-person"),
                phrase("Offer support to {person}.", person=as_person(person)),
            ),
        ),
    )
