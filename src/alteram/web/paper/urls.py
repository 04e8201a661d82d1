"""Addresses of this room."""

from django.urls import path

from alteram.web.paper import entering, printing, reporting

urlpatterns = [
    path("paper/report/", reporting.begin, name="paper-report-new"),
    path("paper/report/<identifier:matter>/", reporting.enter_report, name="paper-report"),
    path("matters/<identifier:matter>/paper/", printing.show_paper, name="paper"),
    path("matters/<identifier:matter>/paper/<identifier:act>/blank/", printing.show_blank, name="paper-blank"),
    path("matters/<identifier:matter>/paper/<identifier:act>/", entering.enter, name="paper-enter"),
]
