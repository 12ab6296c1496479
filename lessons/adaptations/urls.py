"""Addresses of adaptations, below `/adaptations/`."""

from django.urls import path

from lessons.adaptations import proposal_views, views

app_name = "adaptations"
urlpatterns = [
    path("", views.index, name="index"),
    path("receive/<slug:uid>/", views.receive, name="receive"),
    path("begin/<slug:uid>/", views.begin, name="begin"),
    path("lessons/<slug:uid>/", views.lesson, name="lesson"),
    path("lessons/<slug:uid>/forget/", views.forget, name="forget"),
    path("lessons/<slug:uid>/propose/", proposal_views.propose_lesson, name="propose_lesson"),
    path("back/<slug:uid>/", proposal_views.back_page, name="back"),
    path("proposals/<slug:uid>/", proposal_views.proposal, name="proposal"),
    path("proposals/<slug:uid>/remark/", proposal_views.remark, name="remark"),
    path("proposals/<slug:uid>/adopt/", proposal_views.adopt, name="adopt"),
    path("proposals/<slug:uid>/decline/", proposal_views.decline, name="decline"),
    path("<slug:uid>/", views.adaptation, name="adaptation"),
    path("<slug:uid>/ready/", views.ready, name="ready"),
    path("<slug:uid>/share/", views.share, name="share"),
    path("<slug:uid>/teach/", views.teach, name="teach"),
    path("<slug:uid>/propose/", proposal_views.propose, name="propose"),
]
