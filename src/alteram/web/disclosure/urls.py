"""Addresses of this room."""

from django.urls import path

from alteram.web.disclosure import bundles, due, handing, names, reading_room, tracing

_ROOM = "matters/<identifier:matter>/disclosure/"
_BUNDLE = f"{_ROOM}bundles/<identifier:bundle>/"

urlpatterns = [
    path(_ROOM, due.show_due, name="disclosure"),
    path(f"{_ROOM}room/", reading_room.show_room, name="reading-room"),
    path(f"{_ROOM}room/<seq:seq>/", reading_room.send_copy, name="own-copy"),
    path(f"{_ROOM}room/<seq:seq>/zip/", reading_room.send_zip, name="own-copy-zip"),
    path(f"{_ROOM}copies/<seq:seq>/", handing.show_handing, name="copy-to-hand-over"),
    path(f"{_ROOM}copies/<seq:seq>/sealed/", handing.send_sealed, name="copy-sealed"),
    path(f"{_ROOM}tracing/", tracing.show_tracing, name="tracing"),
    path(f"{_ROOM}tracing/record/", tracing.record_trace, name="tracing-record"),
    path(f"{_ROOM}names/", names.show_names, name="names"),
    path(f"{_ROOM}names/confirm/", names.confirm_names, name="names-confirm"),
    path(f"{_ROOM}bundles/", bundles.show_bundles, name="bundles"),
    path(_BUNDLE, bundles.show_bundle, name="bundle"),
    path(f"{_BUNDLE}file/", bundles.send_bundle, name="bundle-file"),
    path(f"{_BUNDLE}serving/", bundles.serve_bundle, name="bundle-serving"),
    path(f"{_BUNDLE}names/", bundles.find_names, name="bundle-names"),
]
