"""Addresses of this room. What is under `log/tiles/` is the prefix of a log in the sense of C2SP tlog-tiles."""

from django.urls import path

from alteram.web.public_log import log

urlpatterns = [
    path("log/", log.show_log, name="log"),
    path("log/tiles/<path:file>", log.send_file, name="log-file"),
]
