"""Tokens: what a person's programs show to the API."""
