"""Addresses of share links: opening one below `/l/`, an owner's list beside the resource."""

from django.urls import path

from library.links import views

app_name = "links"
urlpatterns = [
    path("l/<str:token>/", views.open_link, name="open"),
    path("l/<str:token>/download/", views.download, name="download"),
    path("r/<slug:uid>/links/", views.links, name="links"),
    path("r/<slug:uid>/links/<int:pk>/revoke/", views.revoke, name="revoke"),
]
