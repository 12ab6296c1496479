"""The demo's composed pages: visitors' home, news, help, and each studio's page as its host would lay it out."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import escape, format_html_join
from wagtail.models import Page, Site

from groups.models import Organisation
from library.resources.models import Kind
from studios.models import StudioIndexPage, StudioPage
from website.demo.reading import Facts, moment, read, read_all
from website.demo.town import Town
from website.models import HelpIndexPage, HelpPage, HomePage, NewsIndexPage, NewsPage

LEVELS = {"校级": "school", "集团级": "group", "区级": "county", "县级": "county", "市级": "city", "省级": "province"}


def load_pages(town: Town) -> None:
    home = _home(read("site.yaml")["home"])
    _news(home, read("site.yaml")["news"], town)
    _help(home, read("site.yaml")["help"])
    index = home.add_child(instance=StudioIndexPage(title="名师工作室", slug="s", introduction=_introduction()))
    for _, facts in read_all("studios"):
        _studio(index, facts, town)


def _introduction() -> str:
    return str(read("site.yaml").get("studios_introduction", ""))


def _home(facts: Facts) -> HomePage:
    """Take the place of Wagtail's welcome page."""
    root = Page.get_first_root_node()
    assert root is not None
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    home: HomePage = root.add_child(
        instance=HomePage(
            title=facts["city"],
            slug="home",
            headline=facts["title"],
            introduction=facts["lead"],
            couplet=facts["couplet"],
            try_queries=" ".join(facts["try_queries"]),
            story_title=facts["story"]["title"],
            story=paragraphs(facts["story"]["body"]),
        )
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "共备"},
    )
    return home


def _news(home: HomePage, told: list[Facts], town: Town) -> None:
    index = home.add_child(instance=NewsIndexPage(title="新闻", slug="news"))
    for number, facts in enumerate(told, 1):
        at = moment(facts, town.now)
        group: Organisation | None = town.organisation(facts["group"]) if facts.get("group") else None
        body = [("text", paragraphs(facts["body"]))]
        page = NewsPage(
            title=facts["title"], slug=f"{at:%Y%m%d}-{number}", date=timezone.localdate(at), lead=facts["summary"]
        )
        page.group, page.body = group, body
        index.add_child(instance=_live(page, at))


def _help(home: HomePage, told: list[Facts]) -> None:
    index = home.add_child(instance=HelpIndexPage(title="使用帮助", slug="help"))
    for facts in told:
        page = HelpPage(
            title=facts["title"], slug=facts["slug"], lead=facts.get("summary", ""), body=paragraphs(facts["body"])
        )
        index.add_child(instance=page)


def _studio(index: StudioIndexPage, facts: Facts, town: Town) -> None:
    studio = town.organisation(facts["organisation"])
    host = facts["host"]
    page = StudioPage(
        title=studio.name,
        slug=studio.uid,
        studio=studio,
        number=studio.code,
        level=LEVELS.get(facts["level"], "county"),
        period=facts["period"],
        motto=host["line"],
        host_introduction=host["introduction"],
        body=list(_blocks(facts, town)),
    )
    page.owner = town.person(host["name"])
    index.add_child(instance=page)


def _blocks(facts: Facts, town: Town) -> Any:
    for notice in sorted(facts["notices"], key=lambda n: int(n["days_ago"]))[:1]:
        yield (
            "notice",
            {
                "date": timezone.localdate(moment(notice, town.now)),
                "text": f"{notice['title']}。{notice['text']}"[:200],
            },
        )
    yield "idea", {"text": facts["idea"]["quote"], "signed": f"{facts['host']['name']}，工作室理念"}
    yield "works", {"heading": facts["resources"]["title"], "kind": "", "count": 6}
    for key in facts.get("videos") or ():
        resource = town.resources.get(key)
        if resource is not None and resource.kind == Kind.MICRO_LESSON:
            yield "video", {"heading": resource.title, "resource": resource.uid}
            break
    yield "text", {"heading": "我们怎么做", "text": paragraphs(facts["idea"]["body"])}
    yield "text", {"heading": "本年计划", "text": paragraphs(facts["plan"])}
    earlier = sorted(facts["notices"], key=lambda n: int(n["days_ago"]))[1:]
    if earlier:
        lines = [f"- {_day(moment(n, town.now))}　{n['title']}：{n['text']}" for n in earlier]
        yield "text", {"heading": "往期公告", "text": paragraphs("\n".join(lines))}


def _day(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日"


def _live(page: NewsPage, at: datetime) -> NewsPage:
    page.first_published_at = page.last_published_at = at
    return page


def paragraphs(text: str) -> str:
    """Lines as HTML paragraphs, `- ` lines as a list; everything escaped."""
    html: list[str] = []
    items: list[str] = []
    for line in [*str(text).splitlines(), ""]:
        stripped = line.strip()
        if stripped.startswith("- "):
            items.append(stripped[2:])
            continue
        if items:
            html.append(f"<ul>{format_html_join('', '<li>{}</li>', ((item,) for item in items))}</ul>")
            items = []
        if stripped:
            html.append(f"<p>{escape(stripped)}</p>")
    return "".join(html)
