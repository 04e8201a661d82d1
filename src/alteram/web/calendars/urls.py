"""Addresses of this room."""

from django.urls import path

from alteram.web.calendars import feed

urlpatterns = [
    path("calendar/", feed.show_calendar, name="calendar"),
    path("calendar/<str:secret>.ics", feed.send_feed, name="calendar-feed"),
]
