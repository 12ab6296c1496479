"""Publishing or unpublishing a studio's page asks for it to be indexed; so does a change of its members."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from groups.models import Appointment
from search import outbox
from studios.models import StudioPage
from studios.search_documents import NAME


@receiver([page_published, page_unpublished], sender=StudioPage)
def reindex(sender: type[StudioPage], instance: StudioPage, **kwargs: Any) -> None:
    outbox.touch(NAME, instance.studio.uid)


@receiver(post_save, sender=Appointment)
def reindex_members(sender: type[Appointment], instance: Appointment, **kwargs: Any) -> None:
    """A studio is found by the names of who is in it."""
    page = StudioPage.objects.filter(studio=instance.organisation_id).select_related("studio").first()
    if page is not None:
        outbox.touch(NAME, page.studio.uid)
