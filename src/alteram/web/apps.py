"""What Django needs to know of this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "alteram.web"
    label = "web"
