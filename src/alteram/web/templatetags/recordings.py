"""Times in recordings as pages show them."""

from django import template

from alteram.web.exhibits.waveform import tell_time

register = template.Library()
register.filter("in_recording", tell_time)


@register.filter
def in_seconds(milliseconds: int) -> str:
    """Return a time as addresses of recordings spell it."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")
