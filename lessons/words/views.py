"""从 Word 导入: choose a file, look at what was recognised beside the original, move pieces, take it as a draft."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Node
from groups.middleware import ViewerRequest
from groups.models import Person
from lessons.words import placing, services, showing
from lessons.words.models import WordImport, WordPlan
from library.resources.keeping import signed_in, typed_text
from library.resources.views.finding import school_of
from media.safety import UnsafeFile
from media.services import store_upload
from ui.toasts import toast

SHOWN = 10
MOST_FILES = 10


def _person(request: ViewerRequest) -> Person:
    person = request.viewer.person
    assert person is not None
    return person


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/my/word/`: the form, and what was brought lately."""
    problems: list[str] = []
    if request.method == "POST":
        made, problems = _taken(request)
        if made and not problems:
            return redirect("words:review", made[0].uid) if len(made) == 1 else redirect("words:index")
    recent = WordImport.objects.filter(owner=_person(request)).select_related("file")[:SHOWN]
    context = {"recent": recent, "problems": problems, "node": typed_text(request.GET.get("node")), "most": MOST_FILES}
    return render(request, "words/index.html", context, status=422 if problems else 200)


def _taken(request: ViewerRequest) -> tuple[list[WordImport], list[str]]:
    """Every file by itself: what is taken, and why another is not."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return [], ["还没有选文件。请选一份 Word 教案。"]
    if len(uploads) > MOST_FILES:
        return [], [f"一次最多 {MOST_FILES} 个文件，这次有 {len(uploads)} 个。请分几次导入。"]
    node = Node.objects.filter(uid=typed_text(request.POST.get("node"))).first()
    person, made, problems = _person(request), [], []
    for upload in uploads:
        try:
            file = store_upload(uploaded=upload, by=person)
            one = services.begin(file=file, owner=person, school=school_of(request.viewer), node=node)
        except UnsafeFile as refusal:
            problems.append(refusal.sentence)
            continue
        made.append(one)
        if services.is_quick(one):
            services.read(word_import=one, at=timezone.now())
    return made, problems


@signed_in
def review(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/word/<uid>/`: the file at the left, what was recognised at the right."""
    found = get_object_or_404(
        WordImport.objects.select_related("file__pdf_twin", "node"), uid=uid, owner=_person(request)
    )
    plans = list(found.plans.select_related("resource"))
    chosen = _chosen(plans, typed_text(request.GET.get("plan")))
    if request.method == "POST":
        return _done(request, found, chosen)
    context: dict[str, Any] = {"found": found, "plans": plans}
    if chosen is not None:
        context |= {"shown": showing.shown(chosen), "original": showing.original(found)}
    return render(request, "words/review.html", context)


def _chosen(plans: list[WordPlan], asked: str) -> WordPlan | None:
    if not plans:
        return None
    return next((plan for plan in plans if str(plan.position) == asked), plans[0])


def _done(request: ViewerRequest, found: WordImport, plan: WordPlan | None) -> HttpResponse:
    """One deed of the page, then the page again, or the draft."""
    if request.POST.get("do") == "discard":
        services.discard(word_import=found, by=_person(request))
        toast(request, "已删去这次导入")
        return redirect("words:index")
    if plan is None:
        return redirect("words:review", found.uid)
    try:
        resource = _deed(request, plan)
    except (services.Stale, placing.NoSuchPlace) as problem:
        toast(request, str(problem))
        resource = None
    if resource is not None:
        return redirect("designs:edit", resource.uid)
    return redirect(f"{reverse('words:review', args=[found.uid])}?plan={plan.position}#tray")


def _deed(request: ViewerRequest, plan: WordPlan) -> Any:
    """What the pressed button says. The draft where one was made."""
    posted = request.POST
    common: dict[str, Any] = {"plan": plan, "by": _person(request), "revision": _number(posted.get("revision"))}
    deed = typed_text(posted.get("do"))
    if deed == "place":
        target = typed_text(posted.get("target"))
        services.place(**common, piece=_number(posted.get("piece")), target=target)
        toast(request, "已归好一段")
    elif deed.startswith("lift:"):
        services.lift(**common, target=deed.removeprefix("lift:"), label=typed_text(posted.get("label")))
        toast(request, "已放回待归类")
    elif deed == "accept":
        title = typed_text(posted.get("title")).strip() or plan.title
        made = services.accept(**common, title=title, at=timezone.now())
        toast(request, "已建成草稿，接着改")
        return made
    return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1
