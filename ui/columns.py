"""Columns for Wagtail's lists, where its own speak English."""

from typing import Any

from wagtail.admin.ui.tables import Column


class YesNoColumn(Column):
    """是 or 否 in words: Wagtail's column draws a mark whose text stays `True`."""

    def get_value(self, instance: Any) -> str:
        return "是" if super().get_value(instance) else "否"
