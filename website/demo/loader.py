"""Builds the demo through the services, all of it or nothing, once."""

from datetime import datetime

from django.db import transaction

from groups.models import Organisation
from website.demo.adaptations import load_adaptations
from website.demo.history import load_history
from website.demo.pages import load_pages
from website.demo.plans import load_plans
from website.demo.preparations import load_preparations
from website.demo.resources import load_packages, load_pieces, load_questions
from website.demo.together import load_together
from website.demo.town import Town
from website.demo.world import load_people, load_teaching, load_world


def is_loaded() -> bool:
    return Organisation.objects.exists()


@transaction.atomic
def load(now: datetime) -> Town:
    """Load everything as if it had happened up to `now`.

    Raises:
        DemoProblem: the content does not fit; nothing was loaded.
    """
    town = Town(now=now)
    load_world(town)
    load_people(town)
    load_teaching(town)
    load_questions(town)
    load_packages(town)
    load_pieces(town)
    load_history(town)
    load_pages(town)
    load_together(town)
    load_preparations(town)
    load_adaptations(town)
    load_plans(town)
    return town
