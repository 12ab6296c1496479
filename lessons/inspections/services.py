"""查阅: a leader says what they think of a plan that is ready, and the talk about it."""

from datetime import datetime

from django.db import transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox.models import Message
from groups.inbox.services import tell
from groups.models import Person
from groups.viewer import viewer_for
from lessons.adaptations.models import Adaptation
from lessons.inspections.models import Inspection, InspectionReply

MOST_WORDS = 500


@transaction.atomic
def inspect(*, adaptation: Adaptation, by: Person, grade: str, words: str, at: datetime) -> Inspection:
    """Mark the version that is ready as inspected (已查阅), with an opinion that its teacher sees.

    Raises:
        Refused: it is a draft, one's own, or this version was inspected by this person already.
    """
    adaptation = Adaptation.objects.select_for_update(of=("self",)).select_related("teacher").get(pk=adaptation.pk)
    if adaptation.teacher_id == by.pk:
        raise Refused(Verdict(False, "自己的教案由别的领导查阅，请换一份"))
    ready = adaptation.ready_version
    if ready is None:
        access.require(by, Action.SEE_STATUS, adaptation, at=at)
        raise Refused(Verdict(False, "这份教案还没标为备好，备好以后再来查阅"))
    access.require(by, Action.INSPECT, adaptation, at=at)
    if grade not in Inspection.Grade.values:
        raise Refused(Verdict(False, "等第要在合格、良好、优秀里选一个"))
    if Inspection.objects.filter(version=ready, inspector=by).exists():
        raise Refused(Verdict(False, "这一版你已经查阅过，想补充可以在下面回复"))
    made = Inspection.objects.create(
        adaptation=adaptation,
        version=ready,
        inspector=by,
        school_then_id=min(viewer_for(by, at).schools, default=None),
        grade=grade,
        words=words.strip()[:MOST_WORDS],
        at=at,
    )
    audit.record(by, "adaptation.inspected", adaptation, grade=grade)
    _tell(adaptation, [adaptation.teacher], by, f"{by.name} 查阅了{{thing}}：{made.get_grade_display()}", at)
    return made


@transaction.atomic
def reply(*, inspection: Inspection, by: Person, words: str, at: datetime) -> InspectionReply:
    """Answer below an inspection: its teacher, or who may inspect.

    Raises:
        Refused: nothing was written, or the rule says no.
    """
    adaptation = inspection.adaptation
    if adaptation.teacher_id != by.pk:
        access.require(by, Action.SEE_STATUS, adaptation, at=at)
    said = words.strip()[:MOST_WORDS]
    if not said:
        raise Refused(Verdict(False, "回复还没写内容。写一句再发"))
    made = InspectionReply.objects.create(inspection=inspection, author=by, words=said, at=at)
    audit.record(by, "inspection.replied", adaptation)
    _tell(adaptation, [adaptation.teacher, inspection.inspector], by, f"{by.name} 回复了{{thing}}的查阅意见", at)
    return made


def _tell(adaptation: Adaptation, people: list[Person], by: Person, words: str, at: datetime) -> None:
    tell(
        people=people,
        about=Message.About.NOTICE,
        words=words,
        at=at,
        actor=by,
        thing="adaptation",
        thing_uid=adaptation.uid,
        url=adaptation.get_absolute_url(),
    )
