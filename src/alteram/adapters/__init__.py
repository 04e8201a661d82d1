"""What touches the world: databases, files, calendars, witnesses. Independent of one another."""
