"""Signing in by phone or staff number, with a password or a one-time code; and Django's permission question answered by the rule.

`user.has_perm("catalogue.change_node", node)` is the policy's row `catalogue, edit`; `wagtailadmin.access_admin` its row
`back_office, enter`. Lower packages ask so without knowing the rule.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from groups import access, audit
from groups.access import Action
from groups.models import Person
from groups.policies import may_enter
from groups.roster import codes
from groups.viewer import Viewer, viewer_for

ENTER = "wagtailadmin.access_admin"
VERBS: Mapping[str, Action] = {"view": Action.READ, "add": Action.EDIT, "change": Action.EDIT, "delete": Action.EDIT}
ASKED = ("catalogue",)
"""Apps below `groups` whose models the rule answers for by Django's permission names."""


class AccountBackend(ModelBackend):
    """Our two names for a person, and the rule in place of permission rows."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if not username or password is None:
            return None
        person = self._find(username.strip(), kwargs.get("school"))
        if person is None:
            Person().set_password(password)
            return None
        if not self.user_can_authenticate(person):
            Person().set_password(password)
            return None
        if person.check_password(password):
            return person
        if not codes.spend(person, password, timezone.now()):
            return None
        audit.record(person, "person.signed_in_by_code", person)
        return person

    def _find(self, account: str, school: str | None) -> Person | None:
        if school:
            by_number = Person.objects.filter(staff_number=account, staff_school__uid=school).first()
            if by_number is not None:
                return by_number
        return Person.objects.filter(phone=account).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """The rule's answer for one thing; without a thing, whether there can be one at all."""
        if not isinstance(user_obj, Person) or not user_obj.is_active:
            return False
        viewer = viewer_for(user_obj, timezone.now())
        if perm == ENTER:
            return bool(may_enter(viewer))
        app, _, codename = perm.partition(".")
        verb, _, model = codename.partition("_")
        if app not in ASKED or verb not in VERBS:
            return False
        action = VERBS[verb]
        return bool(access.may(viewer, action, obj)) if obj is not None else _somewhere(viewer, app, model, action)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Every permission name that the rule grants, for Django's `perms` and Wagtail's menus."""
        if not isinstance(user_obj, Person) or not user_obj.is_active:
            return set()
        names = {f"{m._meta.app_label}.{verb}_{m._meta.model_name}" for m in _asked_models() for verb in VERBS}
        return {name for name in {ENTER, *names} if self.has_perm(user_obj, name, obj)}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return app_label in ASKED and any(
            n.startswith(f"{app_label}.change_") for n in self.get_all_permissions(user_obj)
        )


def _asked_models() -> list[type[Model]]:
    registered = access.registered()
    return [model for app in ASKED for model in apps.get_app_config(app).get_models() if model in registered]


def _somewhere(viewer: Viewer, app: str, model_name: str, action: Action) -> bool:
    try:
        model = apps.get_model(app, model_name)
        access.registration(model)
    except LookupError:
        return False
    if action == Action.EDIT:
        return bool(viewer.curates) or viewer.is_system_admin
    return True
