"""What an amendment means: whose rights grow or shrink, and what it would have meant for matters that are over."""

from alteram.core.rules.amendments.meaning import Effect, Meaning, count_effects, find_meanings

__all__ = ["Effect", "Meaning", "count_effects", "find_meanings"]
