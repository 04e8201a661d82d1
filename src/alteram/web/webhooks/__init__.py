"""Webhooks: addresses that an officer lets be told that something was recorded."""
