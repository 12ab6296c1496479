"""Addresses of the explanations, below `/why/`, and of what one keeps (我的留存)."""

from django.urls import path

from library.explaining import views

app_name = "explaining"
urlpatterns = [
    path("my/kept/", views.kept, name="kept"),
    path("why/<slug:uid>/", views.resource, name="resource"),
    path("why/person/<slug:uid>/", views.person, name="person"),
]
