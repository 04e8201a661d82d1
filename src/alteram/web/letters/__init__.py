"""Letters: what was served on me, what I can serve, what can be printed, and the templates."""
