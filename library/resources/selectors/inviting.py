"""Whom an inviter means by a name or a phone number."""

from django.db.models import Q

from groups.models import Appointment, Person
from groups.viewer import Viewer
from library.resources.models import Resource


def named(name: str, viewer: Viewer, resource: Resource) -> list[Person]:
    """A colleague rather than a namesake at another school. Several: nobody can tell."""
    people = Person.objects.filter(Q(phone=name) | Q(name=name), is_active=True).exclude(pk=resource.owner_id)
    here = Appointment.objects.valid_at(viewer.at).filter(organisation__in=viewer.schools)
    return list(people.filter(pk__in=here.values("person"))) or list(people)


def nobody_or_several(name: str, found: int) -> str:
    """Why nobody was invited, and what to write instead."""
    if found:
        return f"姓名：有 {found} 位“{name}”，分不清是哪一位，请填对方的手机号"
    return f"姓名：没有找到“{name}”，请核对姓名，或请对方先开通账号"
