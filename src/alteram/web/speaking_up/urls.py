"""Addresses of this room, and of the files of entries."""

from django.urls import path

from alteram.web.speaking_up import files, receipts, reporting, returning

_MINE = "speak-up/mine/<identifier:matter>/"

urlpatterns = [
    path("speak-up/", reporting.show_start, name="speak-up"),
    path("speak-up/report/", reporting.show_form, name="report-form"),
    path("speak-up/report/<identifier:matter>/", reporting.lodge, name="lodge-report"),
    path("speak-up/report/<identifier:matter>/confirm/", reporting.confirm, name="confirm-phrase"),
    path("speak-up/return/", returning.come_back, name="come-back"),
    path("speak-up/leave/", returning.leave, name="leave-quickly"),
    path("speak-up/sign-out/", returning.sign_out, name="reporter-sign-out"),
    path("speak-up/mine/", returning.show_reports, name="my-reports"),
    path(_MINE, returning.show_report, name="my-report"),
    path(f"{_MINE}acts/<identifier:act>/", returning.do_act, name="my-report-act"),
    path(f"{_MINE}receipt/", receipts.show_receipt, name="report-receipt"),
    path(f"{_MINE}receipt/<str:kind>", receipts.download_receipt, name="report-proof"),
    path(f"{_MINE}files/<seq:seq>/<seq:number>/", files.send_to_reporter, name="my-report-file"),
    path("matters/<identifier:matter>/timeline/<seq:seq>/files/<seq:number>/", files.send_to_person, name="entry-file"),
]
