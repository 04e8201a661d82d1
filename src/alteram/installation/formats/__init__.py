"""How dates and times are written, by language: the month in letters, so that nobody takes it for the day."""
