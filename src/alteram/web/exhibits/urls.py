"""Addresses of this room."""

from django.urls import path

from alteram.web.exhibits import deriving, excerpting, files, listing, lodging, transcripts, uploading, viewing

_ROOM = "matters/<identifier:matter>/exhibits/"
_ONE = f"{_ROOM}<identifier:exhibit>/"

urlpatterns = [
    path(_ROOM, listing.show_exhibits, name="exhibits"),
    path(_ONE, listing.show_one, name="exhibit"),
    path("matters/<identifier:matter>/lodge/", lodging.lodge, name="lodge-exhibit"),
    path("matters/<identifier:matter>/lodge/<str:job>/", lodging.show_job, name="lodging-job"),
    path("matters/<identifier:matter>/uploads/", uploading.begin, name="uploads"),
    path("matters/<identifier:matter>/uploads/<str:upload>/", uploading.serve, name="upload"),
    path(f"{_ONE}view/", viewing.show_view, name="exhibit-view"),
    path(f"{_ONE}pages/<seq:number>/", viewing.send_page, name="exhibit-page"),
    path(f"{_ONE}sound/", viewing.send_sound, name="exhibit-sound"),
    path(f"{_ONE}film/", viewing.send_film, name="exhibit-film"),
    path(f"{_ONE}captions/", transcripts.send_captions, name="exhibit-captions"),
    path(f"{_ONE}transcript/", transcripts.add_transcript, name="exhibit-transcript"),
    path(f"{_ONE}excerpt/", excerpting.choose, name="exhibit-excerpt"),
    path(f"{_ONE}answer/", excerpting.answer, name="exhibit-answer"),
    path(f"{_ONE}copies/", deriving.add_copy, name="exhibit-copy"),
    path(f"{_ONE}file/", files.send_original, name="exhibit-file"),
]
