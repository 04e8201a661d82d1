"""Speaking up: report without an account, and come back with a receipt phrase."""
