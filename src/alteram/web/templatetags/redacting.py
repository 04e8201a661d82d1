"""Places on pages as people read them."""

from django import template

from alteram.core.disclosure.redactions import WHOLE

register = template.Library()


@register.filter
def percent(parts: int) -> int:
    """Return ten-thousandths of a page in hundredths."""
    return round(parts * 100 / WHOLE)
