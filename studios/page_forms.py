"""The form of a studio's page: the studio is chosen once, from those that run and have no page yet."""

from typing import Any

from django import forms
from wagtail.admin.forms.pages import WagtailAdminPageForm

from groups.models import Studio


class StudioPageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("studio", None)
            return
        free = Studio.objects.filter(closed_at__isnull=True, studio_page__isnull=True).order_by("name")
        self.fields["studio"] = forms.ModelChoiceField(
            free, label="工作室", empty_label="请选择", help_text="选定后不再改；名单里只有还没有主页的工作室"
        )

    def save(self, commit: bool = True) -> Any:
        """A new page lives at the studio's own address."""
        if not self.instance.pk:
            self.instance.slug = self.instance.studio.uid
        return super().save(commit=commit)
