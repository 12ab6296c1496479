"""学习任务单 on paper: the pupils' sheet, and with `?for=teacher` the same with answers. Printing follows the right to download."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from library.documents import schema
from library.documents.worksheet import WorksheetDocument
from library.resources.models import Kind
from library.resources.views.finding import find, refused
from library.resources.worksheets import sheet_of


def sheet(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/sheet/`: the published text, or the draft while nothing is published."""
    resource = find(uid)
    try:
        require(request.viewer, Action.DOWNLOAD, resource)
    except Refused as refusal:
        return refused(request, refusal)
    if resource.kind != Kind.WORKSHEET:
        raise Http404("只有学习任务单能印成学生单")
    text = resource.published_version or resource.working_copy
    document = schema.load(WorksheetDocument, text.document)
    if not document.tasks:
        raise Http404("这份任务单还没有写任务，请直接打印它的文件")
    context = {
        "resource": resource,
        "title": text.title,
        "sheet": sheet_of(document),
        "for_teacher": request.GET.get("for") == "teacher",
    }
    return render(request, "library/sheet.html", context)
