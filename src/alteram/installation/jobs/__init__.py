"""Work outside requests: the log kept up to date, notices sent, deadlines watched.

One process does it; a second does no harm.
"""
