"""A resource as the thing that somebody asks about: 谁在什么时候能看，为什么."""

from library.resources.models import Resource


class Explained(Resource):
    """A resource whose readers, then and now, are asked for (权限说明)."""

    wagtail_reference_index_ignore = True

    class Meta:
        proxy = True
        verbose_name = "权限说明"
        verbose_name_plural = "权限说明"
