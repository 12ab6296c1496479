"""The files of a preparation: participants, minutes, the process package."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from groups.access import Action
from groups.middleware import ViewerRequest
from lessons.prep import papers
from lessons.prep.views.finding import find, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(content: bytes, name: str, type_: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": header or "attachment"})


@page
def participants(request: ViewerRequest, uid: str) -> HttpResponse:
    """参与名单."""
    preparation = find(request, uid, Action.DOWNLOAD)
    return _file(papers.participants(preparation), papers.name_of(preparation, "参与名单.xlsx"), XLSX)


@page
def minutes(request: ViewerRequest, uid: str) -> HttpResponse:
    """活动纪要."""
    preparation = find(request, uid, Action.DOWNLOAD)
    return _file(papers.minutes(preparation), papers.name_of(preparation, "活动纪要.docx"), DOCX)


@page
def package(request: ViewerRequest, uid: str) -> HttpResponse:
    """过程包."""
    preparation = find(request, uid, Action.DOWNLOAD)
    return _file(
        papers.package(preparation, request.viewer), papers.name_of(preparation, "过程包.zip"), "application/zip"
    )
