"""Publishing or unpublishing news and help asks for the page to be indexed."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from search import outbox
from website.search_documents import MODELS, NAME


@receiver([page_published, page_unpublished])
def reindex(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, MODELS):
        outbox.touch(NAME, str(instance.pk))
