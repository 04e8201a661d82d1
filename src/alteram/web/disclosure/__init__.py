"""Disclosure: what is due, bundles and who was served with them, and the reading room of each party."""
