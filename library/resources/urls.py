"""Addresses of the library: a resource and its deeds below `/r/`, one's own lists below `/my/`, reviewing at `/review/`."""

from django.urls import path

from library.resources.views import create, deeds, downloads, edit, editor, own, publish, resource, review, sections, sheets

app_name = "library"
urlpatterns = [
    path("r/<slug:uid>/", resource.resource, name="resource"),
    path("r/<slug:uid>/v/<int:number>/", resource.version, name="version"),
    path("r/<slug:uid>/preview/", resource.preview, name="preview"),
    path("r/<slug:uid>/download/", downloads.download, name="download"),
    path("r/<slug:uid>/zip/", downloads.package_zip, name="zip"),
    path("r/<slug:uid>/export.json", downloads.export_json, name="export"),
    path("r/<slug:uid>/fork/", deeds.fork, name="fork"),
    path("r/<slug:uid>/fork/undo/", deeds.undo_fork, name="undo_fork"),
    path("r/<slug:uid>/favourite/", deeds.favourite, name="favourite"),
    path("r/<slug:uid>/withdraw/", deeds.withdraw, name="withdraw"),
    path("r/<slug:uid>/archive/", deeds.archive, name="archive"),
    path("r/<slug:uid>/restore/", deeds.restore, name="restore"),
    path("r/<slug:uid>/delete/", deeds.delete, name="delete"),
    path("r/<slug:uid>/take-down/", deeds.take_down, name="take_down"),
    path("r/<slug:uid>/grants/<int:pk>/end/", deeds.end_grant, name="end_grant"),
    path("r/<slug:uid>/invite/", deeds.invite, name="invite"),
    path("r/<slug:uid>/publish/", publish.publish, name="publish"),
    path("r/<slug:uid>/edit/", edit.edit, name="edit"),
    path("r/<slug:uid>/edit-package/", edit.edit_package, name="edit_package"),
    path("r/<slug:uid>/write/", sections.sections, name="sections"),
    path("r/<slug:uid>/write/<slug:name>/", sections.section, name="section"),
    path("r/<slug:uid>/editor/", editor.editor, name="editor"),
    path("r/<slug:uid>/editor/save/", editor.editor_save, name="editor_save"),
    path("r/<slug:uid>/editor/merge/", editor.editor_merge, name="editor_merge"),
    path("r/<slug:uid>/editor/state/", editor.editor_state, name="editor_state"),
    path("r/<slug:uid>/editor/picture/", editor.editor_picture, name="editor_picture"),
    path("r/<slug:uid>/editor/suggest/", editor.editor_suggest, name="editor_suggest"),
    path("r/<slug:uid>/sheet/", sheets.sheet, name="sheet"),
    path("r/<slug:uid>/describe/", edit.describe, name="describe"),
    path("my/library/", own.mine, name="mine"),
    path("my/library/describe/", own.bulk, name="bulk"),
    path("my/favourites/", own.favourites, name="favourites"),
    path("my/new/", create.new, name="new"),
    path("my/new/<slug:kind>/", create.new_kind, name="new_kind"),
    path("review/", review.queue, name="review_queue"),
    path("review/<int:pk>/", review.review, name="review"),
    path("review/<int:pk>/delegate/", review.delegate, name="delegate"),
]
