"""What everything else stands on: errors, outcomes, canonical bytes, identifiers, instants and periods."""
