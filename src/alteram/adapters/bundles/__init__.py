"""Bundles: built as numbered PDF, packed with what lies beside them; redactions: made, and checked for leaks."""
