"""版本比较: any two versions that the reader may read, beside each other or in one text."""

from django.http import HttpResponse
from django.shortcuts import render

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from library.resources.keeping import typed_text
from library.resources.selectors.differences import beside, name_of, named, readable
from library.resources.views.finding import find, refused


def compare(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/compare/?a=<uid>:<n>&b=<uid>:<n>`: without them the two latest of this resource."""
    resource = find(uid)
    try:
        require(request.viewer, Action.READ, resource)
    except Refused as refusal:
        return refused(request, refusal)
    choices = readable(resource, request.viewer)
    asked = [typed_text(request.GET.get(name)) for name in ("a", "b")]
    own = [version for version in choices if version.resource_id == resource.pk]
    latest = [name_of(version) for version in (*own[1:2], *own[:1])]
    names = asked if all(asked) else latest if len(latest) == 2 else []
    sides = [named(name, resource, request.viewer) for name in names]
    found = beside(sides[0], sides[1]) if len(sides) == 2 and sides[0] and sides[1] else None
    context = {
        "resource": resource,
        "sides": [
            ("a", "从", [(name_of(one), one, name_of(one) in names[:1]) for one in choices]),
            ("b", "到", [(name_of(one), one, name_of(one) in names[1:]) for one in choices]),
        ],
        "can_choose": len(choices) > 1,
        "found": found,
        "missing": bool(names) and found is None,
        "inline": request.GET.get("view") == "inline",
    }
    return render(request, "library/compare.html", context, status=404 if context["missing"] else 200)
