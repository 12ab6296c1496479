"""The plan as a workbook: download, upload with a look at what it would do, and the yes."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from groups.access import Action
from groups.roster.reading import UnreadableFile
from groups.roster.writing import XLSX
from groups.services import NotPossible
from lessons.plans import sheets
from lessons.plans.models import SheetUpload
from lessons.plans.views.finding import person_of, plan_for
from ui.toasts import toast


@login_required
@require_safe
def sheet(request: HttpRequest, uid: str) -> HttpResponse:
    plan = plan_for(request, uid)
    answer = HttpResponse(sheets.write(plan), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{plan}.xlsx')}"
    return answer


@login_required
def import_(request: HttpRequest, uid: str) -> HttpResponse:
    plan = plan_for(request, uid, Action.EDIT)
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise UnreadableFile("没有选文件，请先选一个 .xlsx")
            name = str(file.name)
            upload = sheets.look(plan=plan, content=file.read(), name=name, by=person_of(request), at=timezone.now())
        except UnreadableFile as unreadable:
            problem = str(unreadable)
        else:
            return redirect("plans:confirm", plan.uid, upload.uid)
    return render(request, "plans/import.html", {"plan": plan, "problem": problem}, status=422 if problem else 200)


@login_required
def confirm(request: HttpRequest, uid: str, upload: str) -> HttpResponse:
    plan = plan_for(request, uid, Action.EDIT)
    if request.method == "POST":
        return _carry_out(request, SheetUpload.objects.filter(plan=plan, uid=upload).first(), plan.get_absolute_url())
    found = get_object_or_404(SheetUpload, plan=plan, by=person_of(request), uid=upload)
    context = {"plan": plan, "upload": found, "changes": sheets.changes_of(found)}
    return render(request, "plans/confirm.html", context)


def _carry_out(request: HttpRequest, upload: SheetUpload | None, address: str) -> HttpResponse:
    try:
        if upload is None:
            raise NotPossible("这次导入已经办完了，或者放了一天以上，请重新选择文件")
        done = sheets.carry_out(upload=upload, by=person_of(request), at=timezone.now())
    except NotPossible as problem:
        messages.error(request, str(problem))
        return redirect(address)
    for problem_words in done.problems:
        messages.error(request, problem_words)
    toast(request, f"导入了 {done.count} 行")
    return redirect(address)
