"""Addresses of the catalogue pages: outlines, nodes, subject × grade. They list resources, so they live here."""

from django.urls import path

from library.resources.views import browse, claim

app_name = "catalogue"
urlpatterns = [
    path("", browse.shelf, name="shelf"),
    path("subject/<slug:code>/<int:number>/", browse.grade, name="grade"),
    path("<slug:uid>/", browse.outline, name="outline"),
    path("<slug:outline_uid>/<slug:uid>/", browse.node, name="node"),
    path("<slug:outline_uid>/<slug:uid>/claim/", claim.claim, name="claim"),
]
