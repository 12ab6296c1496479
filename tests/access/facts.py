"""The world of the access tests as plain facts, in days from now. No model, no rule: `world` builds the rows, `oracle` judges.

City Z with counties C1 and C2; group G1 (lead L, tight T, loose O) in C1; group G2 (lead M in C1, N in C2); T and N in the
cross-county project P; X left G1 at the end of last term, Y joins next month; studio S; prep group PG of G1.
"""

from dataclasses import dataclass, field

NOW = 0
LONG_AGO = -400
YESTERDAY = -1
TOMORROW = 1

PUBLIC = "public"
DOWNLOAD = "download"
VIEW = "view"


def holds(start: int, end: int | None, at: int = NOW) -> bool:
    """Is the half-open interval [start, end) valid at a day?"""
    return start <= at and (end is None or at < end)


@dataclass(frozen=True)
class Link:
    member: str
    parent: str
    role: str = "member"
    start: int = LONG_AGO
    end: int | None = None


@dataclass(frozen=True)
class Post:
    person: str
    organisation: str
    role: str = "teacher"
    nature: str = "main"
    start: int = LONG_AGO
    end: int | None = None


@dataclass(frozen=True)
class Grant:
    """`to` is an organisation, a person or PUBLIC."""

    to: str
    level: str = DOWNLOAD
    start: int = -100
    end: int | None = None


@dataclass(frozen=True)
class Submission:
    """`steps` are (level, organisation, delegated to or empty)."""

    version: int
    status: str
    to: tuple[str, ...]
    steps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Version:
    number: int
    published: bool


@dataclass(frozen=True)
class Receipt:
    holder: str
    version: int


@dataclass(frozen=True)
class Thing:
    name: str
    owner: str
    home: str
    state: str
    authors: tuple[str, ...] = ()
    editors: tuple[tuple[str, int | None], ...] = ()
    grants: tuple[Grant, ...] = ()
    submissions: tuple[Submission, ...] = ()
    versions: tuple[Version, ...] = ()
    current: int = 0
    primary: bool = True
    taken_as: str = ""
    changed: int = -5
    receipts: tuple[Receipt, ...] = field(default=())


KINDS = {
    "Z": "city",
    "C1": "county",
    "C2": "county",
    "G1": "group",
    "G2": "group",
    "P": "project",
    **dict.fromkeys(("L", "T", "O", "M", "N", "X", "Y"), "school"),
    "S": "studio",
    "S-closed": "studio",
    "PG": "prep_group",
    "RG": "research_group",
    "DC": "centre",
}

LINKS = (
    Link("C1", "Z", "area"),
    Link("C2", "Z", "area"),
    *(Link(school, "C1", "area") for school in ("L", "T", "O", "M", "X", "Y")),
    Link("N", "C2", "area"),
    Link("G1", "C1", "area"),
    Link("G2", "C1", "area"),
    Link("L", "G1", "lead"),
    Link("T", "G1"),
    Link("O", "G1"),
    Link("X", "G1", start=-300, end=-60),
    Link("Y", "G1", start=30),
    Link("M", "G2", "lead"),
    Link("N", "G2"),
    Link("T", "P"),
    Link("N", "P"),
    Link("S", "C1", "area"),
    Link("S-closed", "C1", "area"),
    Link("PG", "G1", "part"),
    Link("RG", "T", "part"),
    Link("DC", "Z", "part"),
)

POSTS = (
    *(Post(f"teacher-{school}", school) for school in ("L", "T", "O", "M", "N", "X", "Y")),
    Post("author", "T"),
    Post("co-author", "O"),
    Post("editor", "N"),
    Post("editor-revoked", "N"),
    Post("retired", "T", end=-10),
    Post("moved", "T", end=-20),
    Post("moved", "M", start=-20),
    Post("coming", "T", start=5),
    Post("rotating", "T"),
    Post("rotating", "L", nature="rotation", start=-40, end=60),
    Post("rotated-back", "T"),
    Post("rotated-back", "L", nature="rotation", start=-100, end=YESTERDAY),
    Post("part-timer", "O"),
    Post("part-timer", "N", nature="part_time"),
    Post("supporter", "M"),
    Post("supporter", "X", nature="support"),
    Post("shadow", "N"),
    Post("shadow", "L", nature="shadowing"),
    Post("disabled", "T"),
    Post("leader-T", "T", role="school_leader"),
    Post("reviewer-T", "T", role="reviewer"),
    Post("reviewer-M", "M", role="reviewer"),
    Post("reviewer-G1", "L"),
    Post("reviewer-G1", "G1", role="reviewer", nature="seat"),
    Post("reviewer-G1-only", "G1", role="reviewer", nature="seat"),
    Post("reviewer-G2", "M"),
    Post("reviewer-G2", "G2", role="reviewer", nature="seat"),
    Post("reviewing-author", "T"),
    Post("reviewing-author", "T", role="reviewer", nature="seat"),
    Post("reviewing-author", "G1", role="reviewer", nature="seat"),
    Post("admin-T", "T", role="admin"),
    Post("admin-O", "O", role="admin"),
    Post("admin-X", "X", role="admin"),
    Post("admin-M", "M", role="admin"),
    Post("admin-G1", "L"),
    Post("admin-G1", "G1", role="admin", nature="seat"),
    Post("admin-G1-only", "G1", role="admin", nature="seat"),
    Post("admin-G2", "M"),
    Post("admin-G2", "G2", role="admin", nature="seat"),
    Post("admin-PG", "O"),
    Post("admin-PG", "PG", role="admin", nature="seat"),
    Post("host", "L"),
    Post("host", "S", role="host", nature="seat"),
    Post("studio-editor", "T"),
    Post("studio-editor", "S", role="editor", nature="seat"),
    Post("studio-T", "T"),
    Post("studio-T", "S", role="member", nature="seat"),
    Post("studio-N", "N"),
    Post("studio-N", "S", role="member", nature="seat"),
    Post("studio-left", "M"),
    Post("studio-left", "S", role="member", nature="seat", end=-3),
    Post("host-closed", "S-closed", role="host", nature="seat"),
    Post("prep-O", "O"),
    Post("prep-O", "PG", role="member", nature="seat"),
    Post("prep-leader", "L"),
    Post("prep-leader", "PG", role="prep_leader", nature="seat"),
    Post("prep-left", "L"),
    Post("prep-left", "PG", role="member", nature="seat", end=-2),
    Post("research-T", "T"),
    Post("research-T", "RG", role="research_leader", nature="seat"),
    Post("centre", "DC", role="member", nature="seat"),
    Post("project-seat", "P", role="member", nature="seat"),
    Post("officer-C1", "C1", role="officer"),
    Post("officer-C2", "C2", role="officer"),
    Post("officer-Z", "Z", role="officer"),
    Post("false-officer", "T", role="officer"),
    Post("system-admin", "Z", role="system_admin"),
    Post("auditor", "Z", role="auditor"),
    Post("site-editor", "Z", role="site_editor"),
    Post("curator-maths", "L"),
    Post("curator-maths", "Z", role="subject_curator", nature="seat"),
)

NO_POSTS = ("outsider",)
PEOPLE = (*dict.fromkeys(post.person for post in POSTS), *NO_POSTS)
DISABLED = ("disabled",)
SIGNED_OUT = "signed-out"
VIEWERS = (*PEOPLE, SIGNED_OUT)
