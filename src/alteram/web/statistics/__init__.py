"""Statistics: numbers that single nobody out, for members and for the public, with the table beside each chart."""
