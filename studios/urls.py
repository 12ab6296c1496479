"""Addresses of studios: their list, joining one, and its host's desk. Wagtail serves the list and each studio below it."""

from django.urls import URLPattern, URLResolver, path
from wagtail.views import serve

from studios import views

app_name = "studios"
urlpatterns: list[URLPattern | URLResolver] = [
    path("s/", serve, {"path": "s/"}, name="index"),
    path("s/<slug:uid>/join/", views.join, name="join"),
    path("s/<slug:uid>/queue/", views.queue, name="queue"),
    path("s/<slug:uid>/queue/<int:pk>/", views.answer, name="answer_application"),
]
