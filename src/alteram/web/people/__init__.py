"""People: one person's standing and patterns, for those entitled, and what the record holds about oneself."""
