"""Rulebooks, packs and histories as files: strict YAML in, nodes out; and what ships with the product."""

from alteram.adapters.rulebooks.library import load_rulebook
from alteram.adapters.rulebooks.yaml_reader import read_document

__all__ = ["load_rulebook", "read_document"]
