"""Signing in: links, and what allauth brings (passkeys, passphrase with a code, recovery codes)."""
