"""The resources of the access tests: every state, every audience, every way an owner, author or reviewer can stand."""

from dataclasses import replace

from tests.access.facts import NOW, PUBLIC, TOMORROW, VIEW, YESTERDAY, Grant, Receipt, Submission, Thing, Version

SCHOOL = ("school", "T", "")
GROUP = ("group", "G1", "")
COUNTY = ("county", "C1", "")
CITY = ("city", "Z", "")
CHAINS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "T": (SCHOOL,),
    "G1": (SCHOOL, GROUP),
    "G2": (("school", "M", ""), ("group", "G2", "")),
    "P": (SCHOOL,),
    "S": (("studio", "S", ""),),
    "C1": (SCHOOL, GROUP, COUNTY),
    "Z": (SCHOOL, GROUP, CITY),
    PUBLIC: (SCHOOL, GROUP, CITY),
    "DC": (SCHOOL,),
}


def thing(name: str, state: str, *grants: Grant, owner: str = "author", home: str = "T", **more: object) -> Thing:
    """A thing whose first version was approved for its grants; drafts and things in review are told whole."""
    base = Thing(name, owner, home, state, authors=("co-author",), grants=grants)
    if state in ("published", "archived", "taken_down"):
        to = tuple(dict.fromkeys(grant.to for grant in grants))
        steps = tuple(dict.fromkeys(step for audience in to for step in CHAINS.get(audience, ())))
        base = replace(
            base,
            versions=(Version(1, published=True),),
            current=1,
            submissions=(Submission(1, "approved", to, steps),),
        )
    return replace(base, **more)  # type: ignore[arg-type]


def in_review(name: str, to: str, **more: object) -> Thing:
    base = thing(name, "in_review", versions=(Version(1, published=False),))
    base = replace(base, submissions=(Submission(1, "open", (to,), CHAINS[to]),))
    return replace(base, **more)  # type: ignore[arg-type]


AUDIENCES = ("teacher-N", "PG", "RG", "T", "G1", "P", "S", "DC", "C1", "Z", PUBLIC)

PUBLISHED = (
    *(thing(f"published-{to}", "published", Grant(to)) for to in AUDIENCES),
    thing("published-G1-view", "published", Grant("G1", VIEW)),
    thing("published-public-view", "published", Grant(PUBLIC, VIEW)),
    thing("published-G1-view-T-download", "published", Grant("G1", VIEW), Grant("T")),
    thing("published-G1-tomorrow", "published", Grant("G1", start=TOMORROW)),
    thing("published-G1-ended", "published", Grant("G1", end=YESTERDAY)),
    thing("published-G1-ends-now", "published", Grant("G1", end=NOW)),
    thing("published-persons-only", "published", Grant("teacher-N"), Grant("moved"), Grant("PG")),
    thing("published-G2", "published", Grant("G2"), owner="teacher-M", home="M"),
    thing("published-by-N-for-S", "published", Grant("S"), owner="studio-N", home="N"),
    thing("published-by-X-for-G1", "published", Grant("G1"), owner="teacher-X", home="X"),
    thing("published-by-X-for-X", "published", Grant("X"), owner="teacher-X", home="X"),
    thing("published-without-home", "published", Grant(PUBLIC), owner="outsider", home=""),
    thing("published-by-disabled", "published", Grant("G1"), owner="disabled"),
    thing("published-by-retired", "published", Grant("G1"), owner="retired"),
    thing("published-by-moved", "published", Grant("T"), owner="moved"),
    thing("published-by-never-there", "published", Grant("T"), owner="teacher-L"),
    thing("published-by-reviewers", "published", Grant("G1"), authors=("reviewing-author", "co-author")),
    thing(
        "published-delegated",
        "published",
        Grant(PUBLIC),
        submissions=(Submission(1, "approved", (PUBLIC,), (SCHOOL, ("city", "Z", "G2"))),),
    ),
    thing(
        "published-T-next-for-Z",
        "published",
        Grant("T"),
        editors=(("editor", None), ("editor-revoked", -1)),
        versions=(Version(1, published=True), Version(2, published=False)),
        submissions=(Submission(1, "approved", ("T",), (SCHOOL,)), Submission(2, "open", ("Z",), CHAINS["Z"])),
    ),
    thing(
        "published-widened",
        "published",
        Grant("G1"),
        Grant(PUBLIC),
        versions=(Version(1, published=True), Version(2, published=True), Version(3, published=False)),
        current=2,
        submissions=(
            Submission(1, "approved", ("G1",), CHAINS["G1"]),
            Submission(2, "approved", (PUBLIC,), CHAINS[PUBLIC]),
            Submission(3, "returned", ("T",), (SCHOOL,)),
        ),
        receipts=(Receipt("outsider", 1), Receipt("Y", 1)),
    ),
    thing(
        "published-received",
        "published",
        Grant("T"),
        receipts=(Receipt("moved", 1), Receipt("X", 1), Receipt("studio-left", 1)),
    ),
)

DRAFTS = (
    thing("draft", "draft", editors=(("editor", None), ("editor-revoked", YESTERDAY))),
    thing(
        "draft-returned",
        "draft",
        versions=(Version(1, published=False),),
        submissions=(Submission(1, "returned", ("G1",), CHAINS["G1"]),),
    ),
    thing(
        "draft-withdrawn-from-review",
        "draft",
        versions=(Version(1, published=False),),
        submissions=(Submission(1, "withdrawn", ("G1",), CHAINS["G1"]),),
    ),
    thing(
        "draft-once-published",
        "draft",
        Grant("G1", end=-5),
        versions=(Version(1, published=True),),
        submissions=(Submission(1, "approved", ("G1",), CHAINS["G1"]),),
        receipts=(Receipt("teacher-L", 1),),
    ),
    thing("draft-by-retired", "draft", owner="retired"),
    thing(
        "draft-by-retired-returned",
        "draft",
        owner="retired",
        versions=(Version(1, published=False),),
        submissions=(Submission(1, "returned", ("T",), (SCHOOL,)),),
    ),
    thing("adaptation-by-retired", "draft", owner="retired", authors=(), primary=False),
    thing("draft-by-retired-who-is-author", "draft", owner="retired", authors=("retired", "co-author")),
    thing("draft-shared-by-mistake", "draft", Grant("G1"), Grant(PUBLIC)),
)

REVIEWED = (
    *(in_review(f"in-review-for-{to}", to) for to in ("T", "G1", "S", "C1", "Z", PUBLIC)),
    in_review(
        "in-review-delegated",
        PUBLIC,
        submissions=(Submission(1, "open", (PUBLIC,), (SCHOOL, GROUP, ("city", "Z", "G2"))),),
    ),
    in_review("in-review-by-reviewer", "G1", owner="reviewing-author", authors=()),
    in_review("in-review-with-reviewing-author", "G1", authors=("reviewing-author",)),
    in_review("in-review-by-retired", "G1", owner="retired"),
    in_review("in-review-with-editor", "T", editors=(("editor", None),)),
    in_review(
        "in-review-again",
        "G1",
        versions=(Version(1, published=True), Version(2, published=False)),
        submissions=(Submission(1, "approved", ("T",), (SCHOOL,)), Submission(2, "open", ("G1",), CHAINS["G1"])),
        receipts=(Receipt("teacher-L", 1),),
    ),
)

TAKEN_DOWN = (
    *(
        thing(f"taken-down-by-{rank}", "taken_down", Grant("G1"), Grant("C1"), taken_as=rank)
        for rank in ("home_school_admin", "group_admin", "county_officer", "city_officer", "system_admin")
    ),
    thing("taken-down-for-persons", "taken_down", Grant("teacher-N"), taken_as="system_admin"),
    thing("taken-down-for-T", "taken_down", Grant("T"), taken_as="home_school_admin"),
    thing("taken-down-after-grant", "taken_down", Grant("G1", end=-6), taken_as="home_school_admin"),
    thing("taken-down-grant-ended-since", "taken_down", Grant("G1", end=-2), taken_as="group_admin"),
    thing("taken-down-received", "taken_down", Grant(PUBLIC), taken_as="city_officer", receipts=(Receipt("moved", 1),)),
    thing("taken-down-by-retired", "taken_down", Grant("G1"), owner="retired", taken_as="county_officer"),
    thing("taken-down-from-X", "taken_down", Grant("G1"), owner="teacher-X", home="X", taken_as="home_school_admin"),
)

ASIDE = (
    *(thing(f"archived-{to}", "archived", Grant(to)) for to in ("teacher-N", "T", "G1", "S", PUBLIC)),
    thing("archived-G1-view", "archived", Grant("G1", VIEW)),
    thing("archived-by-retired", "archived", Grant("T"), owner="retired", receipts=(Receipt("moved", 1),)),
    thing("binned", "binned"),
    thing("binned-long-ago", "binned", changed=-40),
    thing("binned-by-retired", "binned", owner="retired"),
)

THINGS = (*PUBLISHED, *DRAFTS, *REVIEWED, *TAKEN_DOWN, *ASIDE)
