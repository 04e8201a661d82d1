"""What Django needs to know of this package."""

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """Accounts, sign-in links and jobs."""

    name = "alteram.installation"
    label = "installation"

    def ready(self) -> None:
        """Keep the list of devices on which people are signed in."""
        from alteram.installation.devices import connect_devices  # noqa: PLC0415 - models must be there first

        connect_devices()
