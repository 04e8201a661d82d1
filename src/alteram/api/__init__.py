"""The HTTP API: all that pages can do, for programs."""
