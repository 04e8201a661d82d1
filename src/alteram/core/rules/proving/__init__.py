"""Prove a rulebook: play the matters it allows, with the engine that rules on live acts, and look for an unfair one."""
