"""Addresses of this room."""

from django.urls import path

from alteram.web.matters import acting, assessment, exporting, lists, matter, people, picture, reporting, timeline

_MATTER = "matters/<identifier:matter>/"

urlpatterns = [
    path("", lists.show_my_matters, name="my-matters"),
    path(_MATTER, matter.show_matter, name="matter"),
    path(f"{_MATTER}timeline/", timeline.show_timeline, name="timeline"),
    path(f"{_MATTER}timeline/<seq:seq>/", timeline.show_entry, name="entry"),
    path(f"{_MATTER}timeline/<seq:seq>/proof/", timeline.download_proof, name="entry-proof"),
    path(f"{_MATTER}parties/", people.show_parties, name="parties"),
    path(f"{_MATTER}allegations/", people.show_allegations, name="allegations"),
    path(f"{_MATTER}fair/", assessment.show_assessment, name="assessment"),
    path(f"{_MATTER}fair/standards/", assessment.show_standards, name="standards"),
    path(f"{_MATTER}fair/cures/", assessment.show_cures, name="cures"),
    path(f"{_MATTER}readings/", people.show_readings, name="readings"),
    path(f"{_MATTER}picture/", picture.show_picture, name="picture"),
    path(f"{_MATTER}picture/svg/", picture.download_picture, name="picture-file"),
    path(f"{_MATTER}export/", exporting.download_export, name="export"),
    path(f"{_MATTER}acts/", acting.show_acts, name="acts"),
    path(f"{_MATTER}acts/report/", reporting.show_reportable, name="reportable"),
    path(f"{_MATTER}acts/<identifier:act>/report/", reporting.report_event, name="report-event"),
    path(f"{_MATTER}acts/<identifier:act>/", acting.do_act, name="act"),
]
