"""Founding an organisation in the browser, step by step: what was written stays until it is founded."""
