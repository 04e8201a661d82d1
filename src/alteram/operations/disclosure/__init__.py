"""Disclosure: bundles, redactions, marked copies and tracing them; each act through the one door."""
