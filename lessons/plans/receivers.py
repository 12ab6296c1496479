"""A preparation that is planned for a lesson of a term plan appears on its board."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from lessons.plans.services.linking import link
from lessons.prep.models import Preparation


@receiver(post_save, sender=Preparation, dispatch_uid="plans-link")
def put_into_its_row(sender: type[Preparation], instance: Preparation, created: bool, **more: Any) -> None:
    if created and not more.get("raw"):
        link(instance)
