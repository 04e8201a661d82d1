"""Desks: what to do next, for whoever handles, investigates, decides or keeps."""
