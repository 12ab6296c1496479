"""Taking a version home: one file, or everything in a zip; and the record as JSON."""

import logging
import zipfile
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.viewer import Viewer
from library.documents import schema
from library.documents.package import PackageDocument
from library.resources import kinds, papers, services
from library.resources.models import Resource, Version
from library.resources.services.packages import IN_MEMORY, parts_for, safe_name, write_version, write_zip
from library.resources.services.taking import version_to_take
from library.resources.views.finding import find, is_use, refused

logger = logging.getLogger(__name__)


Download = Callable[[ViewerRequest, str], HttpResponse | FileResponse]


def whole(view: Download) -> Download:
    """A file whose bytes the storage has lost is said to the reader, and to whoever reads the log."""

    @wraps(view)
    def guarded(request: ViewerRequest, uid: str) -> HttpResponse | FileResponse:
        try:
            return view(request, uid)
        except FileNotFoundError as problem:
            logger.error("bytes missing in storage: resource %s, %s", uid, problem)
            raise Http404("里面有文件在存储里找不到了，已经记下；请联系作者重新上传") from problem

    return guarded


@whole
def download(request: ViewerRequest, uid: str) -> HttpResponse | FileResponse:
    """`/r/<uid>/download/`: the file itself where there is one, else a zip; `?v=` asks for an earlier version."""
    resource = find(uid)
    try:
        version = _version(request, resource)
    except Refused as refusal:
        return refused(request, refusal)
    if resource.kind == "package":
        return package_zip(request, uid)
    _count(request, resource, version)
    wanted = request.GET.get("as", "")
    if wanted in PAPERS:
        wide, view = request.GET.get("paper") == "landscape", request.GET.get("view", "")
        return as_paper(version, request.viewer, wanted, wide=wide, view=view)
    return as_file(resource, version, request.viewer)


PAPERS = {"word": (papers.word, "docx"), "pdf": (papers.pdf, "pdf")}


def as_paper(version: Version, viewer: Viewer, wanted: str, *, wide: bool = False, view: str = "") -> FileResponse:
    """The written text as Word or PDF, in one of its views (`brief`)."""
    if not kinds.is_written(kinds.spec_of(version.resource.kind)):
        raise Http404("这份资料没有写成的正文，请直接下载它的文件")
    make, ending = PAPERS[wanted]
    written = make(version, viewer, wide=wide, view=view)
    return _bytes(written.content, f"{download_name(version.resource, version)}.{ending}")


def as_file(resource: Resource, version: Version, viewer: Viewer) -> FileResponse:
    """One version to take home: the file itself where there is one, else everything in a zip."""
    name = download_name(resource, version)
    spec = kinds.spec_of(resource.kind)
    attachments = list(version.attachments.select_related("file__blob"))
    composed = spec.exported(version, viewer)
    if len(composed) == 1 and not attachments:
        return _bytes(composed[0].content, f"{name}.{composed[0].name.rpartition('.')[2]}")
    if not composed and len(attachments) == 1:
        file = attachments[0].file
        stored = storages["uploads"].open(file.blob.path)
        return _attached(stored, f"{name}.{file.name.rpartition('.')[2]}", file.content_type)
    target: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        list(write_version(archive, version, name, viewer))
    target.seek(0)
    return _attached(target, f"{name}.zip", "application/zip")


@whole
def package_zip(request: ViewerRequest, uid: str) -> HttpResponse | FileResponse:
    """`/r/<uid>/zip/`: a package with its manifest, the parts that this viewer may download."""
    resource = find(uid)
    if resource.kind != "package":
        raise Http404("这份资料不是课时包，请用“下载”")
    try:
        version = _version(request, resource)
    except Refused as refusal:
        return refused(request, refusal)
    _count(request, resource, version)
    shown = parts_for(schema.load(PackageDocument, version.document), request.viewer, Action.DOWNLOAD)
    return _attached(
        write_zip(version, shown, request.viewer), f"{download_name(resource, version)}.zip", "application/zip"
    )


def _version(request: ViewerRequest, resource: Resource) -> Version:
    """The version to take, after the rule.

    Raises:
        Refused: no download for this viewer.
    """
    wanted = request.GET.get("v", "")
    if wanted.isdecimal() and len(wanted) < 9:
        found = resource.versions.filter(number=int(wanted)).first()
        if found is None:
            raise Http404("没有这一版")
        require(request.viewer, Action.DOWNLOAD, found)
        return found
    require(request.viewer, Action.DOWNLOAD, resource)
    return version_to_take(resource=resource, viewer=request.viewer, at=timezone.now(), reason="下载草稿")


def _count(request: ViewerRequest, resource: Resource, version: Version) -> None:
    if is_use(request):
        services.record_use(
            what="download", resource=resource, version=version, person=request.viewer.person, at=timezone.now()
        )


def download_name(resource: Resource, version: Version) -> str:
    """《秋天的雨》教学设计_李敏_第2版."""
    return safe_name(f"《{version.title}》{resource.get_kind_display()}_{resource.owner.name}_{version.label}")


def _attached(stream: Any, name: str, content_type: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)


def _bytes(content: bytes, name: str) -> FileResponse:
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)


def export_json(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/export.json`: the record, its text and its files' fingerprints."""
    resource = find(uid)
    try:
        require(request.viewer, Action.EXPORT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    version = resource.published_version
    if version is None:
        raise Http404("这份资料还没有发布的版本")
    return JsonResponse(papers.record(version), json_dumps_params={"ensure_ascii": False, "indent": 2})
