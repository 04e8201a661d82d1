"""What is noted when somebody enters their organisation: that they have been here, and whether they stand on its roll.

Whoever has left the roll since is signed out, wherever they are: what they still may see as a party they see by signing
in again. It is noted for each organisation apart, so that none learns of visits to another.
"""

from django.contrib.auth import logout
from django.http import HttpRequest

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.devices import sign_out_devices
from alteram.installation.models import Membership
from alteram.operations.organisation import Organisation
from alteram.operations.roll import is_on_roll


def note_visit(request: HttpRequest, membership: Membership, organisation: Organisation) -> bool:
    """Note it; return False where their session has just ended: they left the roll since they were last here."""
    on_roll = is_on_roll(organisation, PersonId(membership.person))
    has_left = membership.was_on_roll and not on_roll
    if not membership.has_been_here or membership.was_on_roll != on_roll:
        Membership.objects.filter(pk=membership.pk).update(has_been_here=True, was_on_roll=on_roll)
    if has_left:
        sign_out_devices(membership.account)
        logout(request)
    return not has_left
