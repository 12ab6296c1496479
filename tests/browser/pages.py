"""Every page a person meets, once: screenshots, accessibility and weight all read this table.

Addresses with random names (`/r/<uid>/`, `/k/<outline>/<node>/`) are found the way a person finds them: by following
links from a page whose address is known.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who looks: a person of the demo city, by name; a visitor has no account."""

    VISITOR = "访客"
    TEACHER = "林晓雯"
    SCHOOL_ADMINISTRATOR = "范晓东"
    SCHOOL_LEADER = "程雪松"
    GROUP_ADMINISTRATOR = "梁承志"
    STUDIO_HOST = "苏文澜"
    COUNTY_OFFICER = "高洁"
    CITY_OFFICER = "韩立群"
    EDITOR = "方圆"
    STAFF = "魏明"
    PREP_LEADER = "陈立言"


@dataclass(frozen=True, slots=True)
class PageOfSite:
    """A page to look at.

    Attributes:
        name: also the file name of its pictures.
        start: the address to begin at.
        follow: CSS selectors of the links to follow from there, one after the other.
        roles: who looks at it.
        status: what the server answers.
        ours: drawn by us, not by Wagtail: held to our accessibility bar.
    """

    name: str
    start: str
    roles: tuple[Role, ...]
    follow: tuple[str, ...] = ()
    status: int = 200
    ours: bool = True


FOUND = "/search/?q=%E6%A2%AF%E5%BD%A2%E7%9A%84%E9%9D%A2%E7%A7%AF"
"""The search for 梯形的面积, which the demo teacher gives this week."""

EVERYBODY = tuple(Role)
A_PLAN = "main h2 a[href^='/prep/plans/']"
READERS = (Role.VISITOR, Role.TEACHER)
TEACHER = (Role.TEACHER,)
REVIEWERS = (Role.SCHOOL_ADMINISTRATOR, Role.GROUP_ADMINISTRATOR, Role.CITY_OFFICER)
BACK_OFFICE = (Role.STUDIO_HOST, Role.EDITOR, Role.STAFF)

A_GROUP = "main a[href^='/g/']"
OWN_GROUP = "main a:has-text('清源实验小学教育集团')"
OWN_PUBLISHED = "/my/library/?state=published"
FIRST_HIT = "ul.list .res h3 a"
AN_ADAPTATION = "main ul.rows h2 a"
A_PREPARATION = "main .preps h2 a"
ADAPTED = "main li:has-text('改编自') h2 a"
"""What was taken into a preparation, the demo teacher's own or one that she writes along."""

OWN_RESOURCE = "main h2 a[href^='/r/']"
EDIT_DESIGN = "a[href^='/my/designs/']"
PLAIN_FORM = ".desk-foot a:has-text('改用表单写')"


def _first_of(name: str, label: str, roles: tuple[Role, ...] = READERS) -> PageOfSite:
    """The first resource of a kind that a search finds."""
    return PageOfSite(f"resource-{name}", f"/search/?kind={label}", roles, (FIRST_HIT,))


PAGES = (
    PageOfSite("home", "/", EVERYBODY),
    PageOfSite("sign-in", "/sign-in/", (Role.VISITOR,)),
    PageOfSite("search", FOUND, READERS),
    PageOfSite("search-nothing", "/search/?q=zzqqxx", READERS),
    PageOfSite("search-all", "/search/", READERS),
    PageOfSite("search-corrected", "/search/?q=梯型的面积", READERS),
    PageOfSite("search-explained", "/search/explain/?q=五上 梯形的面积", (Role.STAFF,)),
    PageOfSite("searches", "/searches/", (Role.TEACHER,)),
    PageOfSite("adaptations", "/adaptations/", TEACHER),
    PageOfSite("adaptation", "/adaptations/", TEACHER, (AN_ADAPTATION,)),
    PageOfSite("adaptation-teach", "/adaptations/", TEACHER, (AN_ADAPTATION, "main a[href$='/teach/']")),
    PageOfSite("adaptation-reflect", "/adaptations/", TEACHER, (AN_ADAPTATION, "a[href*='/adaptations/lessons/']")),
    PageOfSite("adaptation-propose", "/adaptations/", TEACHER, (AN_ADAPTATION, "a[href$='/propose/']")),
    PageOfSite("adaptation-proposal", "/adaptations/", TEACHER, (AN_ADAPTATION, "a[href*='/adaptations/proposals/']")),
    PageOfSite("inspections", "/inspections/?draw=1", (Role.SCHOOL_LEADER,)),
    PageOfSite("inspections-term", "/inspections/term/", (Role.SCHOOL_LEADER,)),
    PageOfSite("inspections-paper", "/inspections/term/?month=1&paper=1", (Role.SCHOOL_LEADER,)),
    PageOfSite("search-gaps", "/searches/gaps/", (Role.STAFF,)),
    PageOfSite("shelf", "/k/", READERS),
    PageOfSite("textbook", "/k/", READERS, ("main a.book[href^='/k/'], main a[href^='/k/']:not([href*='subject'])",)),
    PageOfSite("resource", FOUND, READERS, (FIRST_HIT,)),
    _first_of("design", "教学设计"),
    _first_of("courseware", "课件"),
    _first_of("micro-lesson", "微课"),
    _first_of("worksheet", "学习任务单"),
    _first_of("homework", "校本作业", TEACHER),
    _first_of("material", "素材"),
    _first_of("package", "课时包"),
    _first_of("unit-design", "单元设计", TEACHER),
    _first_of("teaching-case", "教学案例", TEACHER),
    _first_of("recording", "教学录像", TEACHER),
    PageOfSite("pupils-sheet", "/search/?q=五官词语单", TEACHER, (FIRST_HIT, "main a[href$='/sheet/']")),
    PageOfSite("new-unit-design", "/my/new/unit_design/", TEACHER),
    PageOfSite("new-recording", "/my/new/lesson_recording/", TEACHER),
    PageOfSite("batch", "/my/batch/", TEACHER),
    PageOfSite("word-import", "/my/word/", TEACHER),
    PageOfSite("versions", FOUND, READERS, (FIRST_HIT, "a[href*='/v/']")),
    PageOfSite("class-mode", "/search/?kind=教学设计", READERS, (FIRST_HIT, "a[href*='view=class']")),
    PageOfSite("class-talk", "/search/?kind=教学设计", READERS, (FIRST_HIT, "a[href*='view=talk']")),
    PageOfSite("week-print", "/", TEACHER, ("main a[href*='/my/designs/print/']",)),
    PageOfSite("week-print-wide", "/", TEACHER, ("main a[href*='/my/designs/print/']", "a[href*='paper=landscape']")),
    PageOfSite("letterhead", "/people/", (Role.SCHOOL_ADMINISTRATOR,), ("main a[href$='/letterhead/']",)),
    PageOfSite("search-questions", "/search/?tab=试题", READERS),
    PageOfSite("question", "/search/?tab=试题&question_type=单选", READERS, (FIRST_HIT,)),
    PageOfSite("question-reading", "/search/?tab=试题&question_type=阅读", READERS, (FIRST_HIT,)),
    _first_of("paper", "试卷", TEACHER),
    PageOfSite("homework-layers", "/search/?q=分层作业", TEACHER, (FIRST_HIT,)),
    PageOfSite("homework-print", "/search/?q=分层作业", TEACHER, (FIRST_HIT, "main a[href*='/print/?for=teacher']")),
    PageOfSite("homework-print-pupils", "/search/?q=分层作业", TEACHER, (FIRST_HIT, "main a[href$='/print/']")),
    PageOfSite("homework-items", "/search/?q=分层作业", TEACHER, (FIRST_HIT, "main a[href$='/items/']")),
    PageOfSite("new-question", "/my/new/question/", TEACHER),
    PageOfSite("new-question-choice", "/my/questions/new/?type=单选", TEACHER),
    PageOfSite("new-question-reading", "/my/questions/new/?type=阅读", TEACHER),
    PageOfSite("search-facets", "/search/?kind=教学设计&subject=数学", READERS),
    PageOfSite("subject-grade", "/k/subject/maths/5/", READERS),
    PageOfSite("lesson", "/", TEACHER, ("section[aria-labelledby=week] a[href^='/k/']",)),
    PageOfSite(
        "elsewhere", "/", TEACHER, ("section[aria-labelledby=week] a[href^='/k/']", "main a[href='?view=elsewhere']")
    ),
    PageOfSite("outline-changes", "/k/changes/", (Role.STAFF,)),
    PageOfSite("outline-edit", "/k/", (Role.STAFF,), ("ul.covers a[href^='/k/']", "main a[href$='/edit/']")),
    PageOfSite("course-new", "/k/courses/new/", (Role.STAFF,)),
    PageOfSite("groups", "/g/", READERS),
    PageOfSite("group", "/g/", EVERYBODY, ("main a[href^='/g/']",)),
    PageOfSite("group-charter", "/g/", READERS, (A_GROUP, "main a[href$='/charter/']")),
    PageOfSite("group-membership", "/g/", (Role.GROUP_ADMINISTRATOR,), (OWN_GROUP, "main a[href$='/membership/']")),
    PageOfSite("kept", "/my/kept/", TEACHER),
    PageOfSite("what-i-see", "/my/kept/", TEACHER, ("main a[href^='/why/person/']",)),
    PageOfSite("who-sees", OWN_PUBLISHED, TEACHER, (OWN_RESOURCE, "main a[href^='/why/']")),
    PageOfSite("share-links", OWN_PUBLISHED, TEACHER, (OWN_RESOURCE, "main a[href$='/links/']")),
    PageOfSite("studios", "/s/", READERS),
    PageOfSite("studio", "/s/", (*READERS, Role.STUDIO_HOST), ("main a[href^='/s/']",)),
    PageOfSite("my", "/my/", TEACHER),
    PageOfSite("my-library", "/my/library/", TEACHER),
    PageOfSite(
        "own-resource", "/my/library/", TEACHER, ("main .res h3 a, main h3 a[href^='/r/'], main a[href^='/r/']",)
    ),
    PageOfSite("edit-design", "/my/library/", TEACHER, (EDIT_DESIGN,)),
    PageOfSite("edit-design-form", "/my/library/", TEACHER, (EDIT_DESIGN, PLAIN_FORM)),
    PageOfSite("edit-design-stages", "/my/library/", TEACHER, (EDIT_DESIGN, PLAIN_FORM, "main a[href$='/stages/']")),
    PageOfSite("publish", OWN_PUBLISHED, TEACHER, (OWN_RESOURCE, "a[href$='/publish/']")),
    PageOfSite("favourites", "/my/favourites/", TEACHER),
    PageOfSite("updates", "/my/updates/", TEACHER),
    PageOfSite("messages", "/my/messages/", TEACHER),
    PageOfSite("plans", "/prep/plans/", (Role.TEACHER, Role.PREP_LEADER)),
    PageOfSite("plan", "/prep/plans/", (Role.TEACHER, Role.PREP_LEADER), (A_PLAN,)),
    PageOfSite("plan-print", "/prep/plans/", TEACHER, (A_PLAN, "main a[href$='/print/']")),
    PageOfSite("plan-lesson", "/prep/plans/", (Role.PREP_LEADER,), (A_PLAN, ".plan-acts a")),
    PageOfSite("plan-import", "/prep/plans/", (Role.PREP_LEADER,), (A_PLAN, "main a[href$='/import/']")),
    PageOfSite("plan-new", "/prep/plans/", (Role.PREP_LEADER,), ("main a[href^='/prep/plans/new/']",)),
    PageOfSite("plan-feed", "/prep/plans/feed/", TEACHER),
    PageOfSite("message-settings", "/my/messages/settings/", TEACHER),
    PageOfSite("todo", "/my/todo/", (Role.TEACHER, Role.SCHOOL_ADMINISTRATOR)),
    PageOfSite("following", "/my/following/", TEACHER),
    PageOfSite("invitations", "/my/invitations/", TEACHER),
    PageOfSite("collections", "/c/", READERS),
    PageOfSite("collection", "/c/", (*READERS, Role.STUDIO_HOST), ("main a[href^='/c/']:not([href$='/new/'])",)),
    PageOfSite("new-collection", "/c/new/", (Role.TEACHER, Role.STUDIO_HOST)),
    PageOfSite("wishes", "/wishes/", TEACHER),
    PageOfSite("wish", "/wishes/", TEACHER, ("main h2 a[href^='/wishes/']",)),
    PageOfSite("ask", "/wishes/ask/?q=梯形剪拼动画", TEACHER),
    PageOfSite("provenance", "/my/library/", TEACHER, (ADAPTED, "a[href$='/provenance/']")),
    PageOfSite("collect", FOUND, TEACHER, (FIRST_HIT, "a[href$='/collect/']")),
    PageOfSite("mark", FOUND, (Role.COUNTY_OFFICER,), (FIRST_HIT, "a[href$='/mark/']")),
    PageOfSite("appeals", "/review/appeals/", (Role.CITY_OFFICER,)),
    PageOfSite("studio-join", "/s/", (Role.COUNTY_OFFICER,), ("main a[href^='/s/']", "a[href$='/join/']")),
    PageOfSite("studio-queue", "/s/", (Role.STUDIO_HOST,), ("main a[href^='/s/']", "a[href$='/queue/']")),
    PageOfSite("new", "/my/new/", TEACHER),
    PageOfSite("new-design", "/my/new/lesson_design/", TEACHER),
    PageOfSite("new-courseware", "/my/new/courseware/", TEACHER),
    PageOfSite("taps", "/taps/", TEACHER),
    PageOfSite("new-password", "/password/", TEACHER),
    PageOfSite("review-queue", "/review/", REVIEWERS),
    PageOfSite("review", "/review/", (Role.SCHOOL_ADMINISTRATOR,), ("main a[href^='/review/']",)),
    PageOfSite("news-index", "/news/", READERS),
    PageOfSite("news", "/news/", READERS, ("main a[href^='/news/']",)),
    PageOfSite("help-index", "/help/", READERS),
    PageOfSite("help", "/help/", READERS, ("main a[href^='/help/']",)),
    PageOfSite("school", "/g/东湖小学/", (*READERS, Role.SCHOOL_ADMINISTRATOR)),
    PageOfSite("school-month", "/g/东湖小学/", TEACHER, ("main a[href$='/month/']",)),
    PageOfSite("portfolio", "/my/portfolio/", TEACHER),
    PageOfSite("person", "/g/东湖小学/", TEACHER, ("main a[href^='/p/']",)),
    PageOfSite("people-schools", "/people/", (Role.COUNTY_OFFICER,)),
    PageOfSite("people", "/people/", (Role.SCHOOL_ADMINISTRATOR,)),
    PageOfSite("people-never", "/people/", (Role.SCHOOL_ADMINISTRATOR,), ("main a[href='?show=never']",)),
    PageOfSite("people-one", "/people/", (Role.SCHOOL_ADMINISTRATOR,), ("main table a[href^='/people/']",)),
    PageOfSite("people-add", "/people/", (Role.SCHOOL_ADMINISTRATOR,), ("main a[href$='/add/']",)),
    PageOfSite("people-slips", "/people/", (Role.SCHOOL_ADMINISTRATOR,), ("main a[href$='/slips/']",)),
    PageOfSite(
        "people-end",
        "/people/",
        (Role.SCHOOL_ADMINISTRATOR,),
        ("main table a[href^='/people/']", "main a[href$='/end/']"),
    ),
    PageOfSite("people-imports", "/people/import/", (Role.SCHOOL_ADMINISTRATOR,)),
    PageOfSite("prep-list", "/prep/", (Role.TEACHER, Role.GROUP_ADMINISTRATOR)),
    PageOfSite("prep-planned", "/prep/?tab=planned", TEACHER, (A_PREPARATION,)),
    PageOfSite("prep-claim", "/prep/?tab=planned", TEACHER, (A_PREPARATION, "main a[href$='/step/claim/']")),
    PageOfSite("prep-people", "/prep/?tab=in_use", TEACHER, (A_PREPARATION, ".prephead a[href$='/people/']")),
    PageOfSite("prep-history", "/prep/?tab=in_use", TEACHER, (A_PREPARATION, ".prephead a[href$='/history/']")),
    PageOfSite(
        "prep-settle",
        "/prep/",
        (Role.STUDIO_HOST,),
        ("main a:has-text('三角形的面积')", "main a[href$='/step/approve/']"),
    ),
    PageOfSite("prep-room", "/prep/", (Role.STUDIO_HOST,), ("main a:has-text('三角形的面积')",)),
    PageOfSite("prep-new", "/prep/new/", (Role.GROUP_ADMINISTRATOR,)),
    PageOfSite("not-found", "/r/zzzzzzzzzz/", READERS, status=404),
    PageOfSite("components", "/ui/", (Role.VISITOR,)),
    PageOfSite("back-office", "/admin/", BACK_OFFICE, ours=False),
    PageOfSite("health", "/health/", (Role.STAFF,)),
)

WIDTHS = (375, 768, 1366)
