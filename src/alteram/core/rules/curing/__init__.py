"""Cures: what would still mend what an assessment found, sought with the engine that rules on live acts."""
