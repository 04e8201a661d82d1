"""Calendars from the `holidays` and `tzdata` packages, expanded into data that rulebooks carry."""

from alteram.adapters.calendars.build import build_calendar

__all__ = ["build_calendar"]
