"""Rulebooks, packs and histories as files: strict YAML in, nodes out."""

from alteram.adapters.rulebooks.yaml_reader import read_document

__all__ = ["read_document"]
