"""What the outside may ask for: perform an act, and the few other things. Pages, API, CLI and jobs call these only."""
