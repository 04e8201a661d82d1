"""Addresses of this room."""

from django.urls import path

from alteram.web.health import health

urlpatterns = [path("health/", health.show_health, name="health")]
