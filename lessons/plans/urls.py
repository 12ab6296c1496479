"""Addresses of term plans."""

from django.urls import path

from lessons.plans import views

app_name = "plans"
urlpatterns = [
    path("prep/plans/", views.index, name="index"),
    path("prep/plans/new/<str:slug>/", views.new, name="new"),
    path("prep/plans/feed/", views.feed, name="feed"),
    path("calendar/<str:token>.ics", views.calendar_file, name="calendar"),
    path("prep/plans/<str:uid>/", views.board, name="board"),
    path("prep/plans/<str:uid>/print/", views.print_, name="print"),
    path("prep/plans/<str:uid>/sheet/", views.sheet, name="sheet"),
    path("prep/plans/<str:uid>/import/", views.import_, name="import"),
    path("prep/plans/<str:uid>/import/<str:upload>/", views.confirm, name="confirm"),
    path("prep/plans/<str:uid>/add/", views.add, name="add"),
    path("prep/plans/<str:uid>/swap/", views.swap, name="swap"),
    path("prep/plans/<str:uid>/<str:row>/", views.row_page, name="row"),
    path("prep/plans/<str:uid>/<str:row>/lead/", views.lead, name="lead"),
]
