"""Calendars: a feed of when something is due, and the page on which its owner makes and revokes it."""
