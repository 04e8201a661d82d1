"""Statements: what was said publicly about a matter, and who was asked to comment."""
