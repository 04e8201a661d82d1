"""Words of a rulebook as pages show them."""

from django import template

from alteram.web.wording import tell_period

register = template.Library()
register.filter("period", tell_period)
