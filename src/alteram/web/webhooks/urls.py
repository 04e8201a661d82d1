"""Addresses of this room."""

from django.urls import path

from alteram.web.webhooks import views

urlpatterns = [
    path("webhooks/", views.show_webhooks, name="webhooks"),
    path("webhooks/<int:webhook>/remove/", views.remove_webhook, name="remove-webhook"),
]
