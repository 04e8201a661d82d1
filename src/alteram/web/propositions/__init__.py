"""Propositions: what is disputed in a matter, who says so and who denies it, and each source with its marks."""
