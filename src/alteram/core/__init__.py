"""The pure part: no files, sockets, clock or randomness; everything it needs comes in as arguments."""
