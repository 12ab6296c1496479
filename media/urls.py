"""Addresses of this package. A page, a thumbnail or subtitles stand before the name, which may be anything."""

from django.urls import path

from media import views

app_name = "media"
urlpatterns = [
    path("<str:uid>/page/<int:number>.webp", views.page, name="page"),
    path("<str:uid>/thumb.webp", views.thumbnail, name="thumbnail"),
    path("<str:uid>/track.vtt", views.track, name="track"),
    path("<str:uid>/preview/", views.show, name="preview"),
    path("<str:uid>/contents/", views.contents, name="contents"),
    path("<str:uid>/<path:name>", views.file, name="file"),
]
