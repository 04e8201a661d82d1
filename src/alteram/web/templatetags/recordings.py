"""Times in recordings as pages show them."""

from django import template

from alteram.web.exhibits.waveform import tell_time

register = template.Library()
register.filter("in_recording", tell_time)
