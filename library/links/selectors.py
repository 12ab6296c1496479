"""The page behind a share link: the published text and nothing around it."""

from library.documents import schema
from library.resources import kinds
from library.resources.models import Resource
from library.resources.selectors import reading


def linked_page(resource: Resource, *, may_download: bool) -> reading.ResourcePage:
    """What whoever holds the link sees: that thing only, without its versions, its relatives or any deed."""
    spec, version = kinds.spec_of(resource.kind), resource.published_version
    if version is None:
        raise LookupError("a link that is valid has a published thing behind it")
    files = tuple(version.attachments.select_related("file__blob", "file__pdf_twin"))
    document = schema.load(spec.document, version.document)
    text = reading.Text(version.title, version.label, document, version, files, version.published_at or version.cut_at)
    buttons = {name: reading.Button(allowed=name == "download" and may_download) for name in reading.ACTIONS}
    return reading.ResourcePage(
        resource=resource,
        spec=spec,
        text=text,
        buttons=buttons,
        held=frozenset(),
        contributions=tuple(resource.contributions.select_related("person", "school_then")),
        node=None,
        places=(),
        versions=(),
        source=None,
        source_label="",
        adaptations=(),
        package=None,
        siblings=(),
        scope="",
        contents=reading.contents(spec, document),
    )
