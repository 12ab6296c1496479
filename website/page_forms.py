"""The form of a piece of news: whose it is, from the groups that the writer answers for."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.forms.pages import WagtailAdminPageForm

from groups.models import Organisation, OrganisationKind, Role
from groups.viewer import viewer_for


class NewsPageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewer = viewer_for(self.for_user, timezone.now())
        edits_all = bool(viewer.in_role(Role.SITE_EDITOR))
        groups = Organisation.objects.filter(kind=OrganisationKind.GROUP).order_by("name")
        self.fields["group"] = forms.ModelChoiceField(
            groups if edits_all else groups.filter(pk__in=viewer.runs),
            label="所属集团",
            required=not edits_all,
            empty_label="全市新闻" if edits_all else "请选择",
        )
