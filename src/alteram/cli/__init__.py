"""The command line. Each command calls one operation and shows what came of it."""
