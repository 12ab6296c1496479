"""The names that search understands from the catalogue: subjects, editions with their aliases, knowledge points."""

from collections.abc import Iterator

from django.db import DatabaseError, connection

from catalogue.models import Edition, EditionAlias, Knowledge, KnowledgeAlias, Node, Subject
from catalogue.seed_vocabulary import read_yaml
from search.vocabulary import Name

SHORT_SUBJECTS = {
    "道德与法治": ("道法", "品德", "思品"),
    "体育与健康": ("体育",),
    "信息科技": ("信息技术", "信息"),
}


def names() -> list[Name]:
    """Subjects and editions that mean a filter; from the seed's files where there is no database yet."""
    try:
        ready = Subject._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        ready = False
    found = [*_subjects(), *_editions()] if ready else []
    return found or _from_seed()


def _subjects() -> Iterator[Name]:
    for name in Subject.objects.filter(is_primary=True).values_list("name", flat=True):
        yield from _subject_names(name)


def _subject_names(name: str) -> Iterator[Name]:
    yield Name("subject", name, name)
    for short in (*SHORT_SUBJECTS.get(name, ()), *name.split("·")[1:]):
        yield Name("subject", name, short)


def _editions() -> Iterator[Name]:
    """Names of active editions first: an alias never takes a name away."""
    active = Edition.objects.filter(is_active=True)
    for name in dict.fromkeys(active.order_by("name").values_list("name", flat=True)):
        yield Name("edition", name, name)
    aliases = EditionAlias.objects.filter(edition__is_active=True).select_related("edition").order_by("pk")
    yield from (Name("edition", alias.edition.name, alias.name) for alias in aliases)


def _from_seed() -> list[Name]:
    rows = read_yaml("editions")
    names = [name for row in read_yaml("subjects") for name in _subject_names(row["name"])]
    names += [Name("edition", row["name"], row["name"]) for row in rows]
    return names + [Name("edition", row["name"], alias) for row in rows for alias in row["aliases"]]


def synonyms() -> list[list[str]]:
    """Words of the field that mean the same; a list of the product's own."""
    return read_yaml("synonyms")


def knowledge() -> Iterator[Name]:
    """Knowledge points and their other names, for suggestions: a question that names one is still asked in words."""
    for name in Knowledge.objects.order_by("pk").values_list("name", flat=True):
        yield Name("knowledge", name, name)
    for alias in KnowledgeAlias.objects.select_related("knowledge").order_by("pk"):
        yield Name("knowledge", alias.knowledge.name, alias.name)


def titles() -> Iterator[str]:
    """Unit and lesson titles, each once, for suggestions and for spelling."""
    live = Node.objects.filter(status=Node.Status.ACTIVE).order_by("title")
    yield from live.values_list("title", flat=True).distinct().iterator()
