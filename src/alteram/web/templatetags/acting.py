"""Where an act is done: on the page that writes its letter where it has one, else on its form."""

from django import template
from django.urls import reverse

from alteram.core.acts import find_spec
from alteram.operations.letters.kinds import LETTERS

register = template.Library()


@register.simple_tag(takes_context=True)
def act_address(context: template.Context, act: str) -> str:
    """Return the address of the page on which an act of the matter is done."""
    spec = find_spec(act)
    letter = None if spec is None else next((one for one in LETTERS if one.act is spec.type), None)
    place = {"organisation": context["asking"].name, "matter": context["matter"]}
    if letter is not None:
        return reverse("letter", kwargs={**place, "letter": letter.name})
    return reverse("act", kwargs={**place, "act": act})
