"""Certificates: issued from a matter for outsiders, shown, printed, downloaded; those that are public, to anybody."""
