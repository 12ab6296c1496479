"""Addresses of working together: beside a resource below `/r/`, collections at `/c/`, wishes at `/wishes/`."""

from django.urls import path, re_path

from library.together.views import authors, collecting, reviews, sources, talking, wishing

app_name = "together"
urlpatterns = [
    path("r/<slug:uid>/comment/", talking.comment, name="comment"),
    path("comments/<int:pk>/edit/", talking.edit_comment, name="edit_comment"),
    path("comments/<int:pk>/delete/", talking.delete_comment, name="delete_comment"),
    path("comments/<int:pk>/report/", talking.report_comment, name="report_comment"),
    path("r/<slug:uid>/thanks/", talking.thank, name="thank"),
    re_path(r"^follow/(?P<kind>studio|person|resource)/(?P<uid>\w+)/$", talking.follow, name="follow"),
    path("my/following/", talking.following, name="following"),
    path("r/<slug:uid>/authors/", authors.invite, name="authors"),
    path("my/invitations/", authors.invitations, name="invitations"),
    path("my/invitations/<int:pk>/", authors.answer, name="answer_invitation"),
    path("my/invitations/editing/<int:pk>/", authors.decline_editing, name="decline_editing"),
    path("r/<slug:uid>/provenance/", sources.family, name="provenance"),
    path("r/<slug:uid>/source/", sources.source, name="source"),
    path("r/<slug:uid>/remind/", reviews.remind, name="remind"),
    path("r/<slug:uid>/appeal/", reviews.appeal, name="appeal"),
    path("r/<slug:uid>/mark/", reviews.mark, name="mark"),
    path("review/appeals/", reviews.appeals, name="appeals"),
    path("review/appeals/<int:pk>/", reviews.answer_appeal, name="answer_appeal"),
    path("r/<slug:uid>/collect/", collecting.collect, name="collect"),
    path("c/", collecting.collections, name="collections"),
    path("c/new/", collecting.new, name="new_collection"),
    path("c/<slug:uid>/", collecting.collection, name="collection"),
    path("c/<slug:uid>/edit/", collecting.edit, name="edit_collection"),
    path("c/<slug:uid>/remove/", collecting.remove, name="remove_collection"),
    path("c/<slug:uid>/items/<int:pk>/", collecting.item, name="collection_item"),
    path("wishes/", wishing.wishes, name="wishes"),
    path("wishes/ask/", wishing.ask, name="ask"),
    path("wishes/<slug:uid>/", wishing.wish, name="wish"),
    path("wishes/<slug:uid>/answer/", wishing.answer, name="answer_wish"),
    path("wishes/<slug:uid>/close/", wishing.close, name="close_wish"),
]
