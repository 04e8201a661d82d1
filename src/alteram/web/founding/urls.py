"""Addresses of this room."""

from django.urls import path

from alteram.web.founding import steps

urlpatterns = [
    path("", steps.begin, name="found"),
    path("organisation/", steps.ask_organisation, name="found-organisation"),
    path("rulebook/", steps.ask_rulebook, name="found-rulebook"),
    path("standards/", steps.ask_standards, name="found-standards"),
    path("people/", steps.ask_people, name="found-people"),
    path("offices/", steps.ask_offices, name="found-offices"),
    path("mail/", steps.try_mail, name="found-mail"),
    path("check/", steps.check, name="found-check"),
]
