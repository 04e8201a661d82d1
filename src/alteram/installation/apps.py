"""What Django needs to know of this package."""

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """Accounts, sign-in links and jobs."""

    name = "alteram.installation"
    label = "installation"
