"""Publishing or unpublishing a studio's page asks for it to be indexed."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from search import outbox
from studios.models import StudioPage
from studios.search_documents import NAME


@receiver([page_published, page_unpublished], sender=StudioPage)
def reindex(sender: type[StudioPage], instance: StudioPage, **kwargs: Any) -> None:
    outbox.touch(NAME, instance.studio.uid)
