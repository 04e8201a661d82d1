"""How mail leaves: over SMTP where the environment names a server, else into a folder of files."""

from typing import Any
from urllib.parse import unquote, urlsplit

from alteram.installation.places import Places


def build_mail_settings(places: Places) -> tuple[str, dict[str, Any]]:
    """Return Django's e-mail backend, and its further settings."""
    sender = {"DEFAULT_FROM_EMAIL": f"alteram@{places.host or 'localhost'}"}
    if not places.mail:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return backend, {"EMAIL_FILE_PATH": str(places.folder / "mail"), **sender}
    url = urlsplit(places.mail)
    return "django.core.mail.backends.smtp.EmailBackend", {
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or 587,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp" and (url.port or 587) == 587,
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        **sender,
    }
