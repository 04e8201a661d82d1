"""Exhibits: lodging them, looking at them, proving parts of them; each act through the one door."""
