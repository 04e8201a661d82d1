"""Checking an export or a receipt in the reader's own browser. Nothing of it reaches the server."""
