"""The room of redactions: what is blacked out, what came of it, and the check by a second person."""
