"""What Django needs to know of this package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP API."""

    name = "alteram.api"
    label = "api"
