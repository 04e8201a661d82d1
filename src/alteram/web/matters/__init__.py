"""Matters: what waits on me, one matter, and the acts done in it."""
