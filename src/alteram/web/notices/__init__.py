"""Notices: how a person wants to be told."""
