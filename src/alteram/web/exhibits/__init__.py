"""The room of exhibits: what was lodged in a matter, who has it, and looking at it without running any of it."""
