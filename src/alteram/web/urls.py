"""The addresses of pages, room by room. `organisation` is taken out by `installation.asking`, before any view."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from alteram.web import converters, welcome

converters.register()

urlpatterns = [
    path("", welcome.show_welcome, name="welcome"),
    path("sign-in/", include("alteram.web.signing_in.urls")),
    path("found/", include("alteram.web.founding.urls")),
    path("language/", require_POST(set_language), name="language"),
    path("check/", include("alteram.web.checking.urls")),
    path("<identifier:organisation>/", include("alteram.web.matters.urls")),
    path("<identifier:organisation>/", include("alteram.web.exhibits.urls")),
    path("<identifier:organisation>/", include("alteram.web.redacting.urls")),
    path("<identifier:organisation>/", include("alteram.web.members.urls")),
    path("<identifier:organisation>/", include("alteram.web.health.urls")),
    path("<identifier:organisation>/", include("alteram.web.public_log.urls")),
    path("<identifier:organisation>/", include("alteram.web.certificates.urls")),
    path("<identifier:organisation>/", include("alteram.web.calendars.urls")),
    path("<identifier:organisation>/", include("alteram.web.speaking_up.urls")),
    path("<identifier:organisation>/", include("alteram.web.letters.urls")),
    path("<identifier:organisation>/", include("alteram.web.rulebook.urls")),
    path("<identifier:organisation>/", include("alteram.web.desks.urls")),
    path("<identifier:organisation>/", include("alteram.web.paper.urls")),
    path("<identifier:organisation>/", include("alteram.web.statements.urls")),
    path("<identifier:organisation>/", include("alteram.web.propositions.urls")),
    path("<identifier:organisation>/", include("alteram.web.disclosure.urls")),
    path("<identifier:organisation>/", include("alteram.web.people.urls")),
    path("<identifier:organisation>/", include("alteram.web.statistics.urls")),
    path("<identifier:organisation>/", include("alteram.web.tokens.urls")),
    path("<identifier:organisation>/", include("alteram.web.notices.urls")),
    path("<identifier:organisation>/", include("alteram.web.webhooks.urls")),
]
