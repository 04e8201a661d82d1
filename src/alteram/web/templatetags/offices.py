"""Which pages of the organisation's a person is offered. What they may is asked where it is done, not here."""

from django import template

from alteram.core.acts.catalogue import Role
from alteram.operations.roll import find_offices

register = template.Library()


@register.simple_tag(takes_context=True)
def my_offices(context: template.Context) -> frozenset[Role]:
    """Return the parts that the offices of whoever asks give them."""
    asking = context.get("asking")
    if asking is None or asking.person is None:
        return frozenset()
    return find_offices(asking.organisation, asking.person)
