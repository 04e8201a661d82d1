"""The organisation's people, for whoever keeps the roll; and letting somebody in again who lost every way in."""
