"""An organisation's own sign-in (OpenID Connect), where the environment names one (see `places`).

It opens accounts that are there, found by an e-mail address that its server says is verified, and makes none.
"""

from typing import Any
from urllib.parse import urlsplit

from alteram.installation.places import Places


def build_oidc_settings(places: Places) -> dict[str, Any]:
    """Return allauth's setting for it; nothing where there is none."""
    if places.oidc is None:
        return {}
    server, client, secret = places.oidc
    app = {
        "provider_id": "organisation",
        "name": urlsplit(server).hostname or server,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def build_form_targets(places: Places) -> list[str]:
    """Return where forms may lead besides this installation: a browser asks it of the redirect to sign in as well."""
    if places.oidc is None:
        return []
    server = urlsplit(places.oidc[0])
    return [f"{server.scheme}://{server.netloc}"]
