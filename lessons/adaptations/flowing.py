"""What a preparation learns of its adaptations: whose proposals were adopted, how many were received, what was reflected."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, F, Q

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from lessons.prep import hooks
from lessons.prep.models import Preparation


def adopted(preparation: Preparation) -> Mapping[int, int]:
    """Person → how many proposals of theirs stand in the shared plan."""
    rows = preparation.proposals.filter(state=Proposal.State.ADOPTED)
    return dict(rows.order_by().values_list("proposed_by").annotate(n=Count("pk")))


def figures(preparation: Preparation) -> Sequence[hooks.Figure]:
    """接收率, 二次备课率, 反思率: of everybody together, of nobody by name."""
    handed = preparation.hand_downs.filter(person__isnull=False).count()
    rows = preparation.adaptations.aggregate(
        received=Count("pk"),
        own=Count("pk", filter=~Q(ready_version__document=F("base__document")) & Q(ready_version__isnull=False)),
    )
    lessons = TaughtLesson.objects.filter(adaptation__preparation=preparation)
    counted = lessons.aggregate(taught=Count("pk"), reflected=Count("pk", filter=Q(reflected_at__isnull=False)))
    return [
        _share("接收率", rows["received"], max(handed, rows["received"])),
        _share("二次备课率", rows["own"], rows["received"]),
        _share("反思率", counted["reflected"], counted["taught"]),
    ]


def _share(label: str, part: int, whole: int) -> hooks.Figure:
    return hooks.Figure(label, f"{round(100 * part / whole)}%（{part} / {whole}）" if whole else "还没有")


def reflections(preparation: Preparation, viewer: Viewer) -> Sequence[hooks.Reflection]:
    """Those of adaptations that the viewer may read."""
    readable = access.narrow(Adaptation.objects.filter(preparation=preparation), viewer, Action.READ)
    rows = TaughtLesson.objects.filter(adaptation__in=readable, reflected_at__isnull=False)
    return [
        hooks.Reflection(
            person=row.adaptation.teacher.name,
            school=row.adaptation.school_then.display_name if row.adaptation.school_then else "",
            class_name=row.class_name,
            at=row.reflected_at or row.recorded_at,
            highlights=row.highlights,
            problems=row.problems,
            improvements=row.improvements,
            url=f"{row.adaptation.get_absolute_url()}#l-{row.uid}",
        )
        for row in rows.select_related("adaptation__teacher", "adaptation__school_then").order_by("reflected_at")
    ]
