"""Addresses of preparing together, below `/prep/`; the room of one preparation is `remarks:room`."""

from django.urls import path

from lessons.prep.views import listing, outputs, planning, steps

app_name = "prep"
urlpatterns = [
    path("", listing.index, name="index"),
    path("new/", planning.new, name="new"),
    path("<slug:uid>/people/", listing.people, name="people"),
    path("<slug:uid>/history/", listing.history, name="history"),
    path("<slug:uid>/step/<slug:name>/", steps.step, name="step"),
    path("<slug:uid>/participants.xlsx", outputs.participants, name="participants"),
    path("<slug:uid>/minutes.docx", outputs.minutes, name="minutes"),
    path("<slug:uid>/package.zip", outputs.package, name="package"),
]
