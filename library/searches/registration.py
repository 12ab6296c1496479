"""What this package tells search: a button on its page, an ear for questions, and two periodic jobs."""

from library.searches import gaps, services
from search import registry, worker
from ui import navigation

NEWS_SECONDS, FOLD_SECONDS = 3600, 300


def register(ear: registry.Ear) -> None:
    registry.register_ear("gaps", ear)
    registry.register_tool("searches/_save.html")
    navigation.register_link(navigation.Link("存下的搜索", "searches:mine", order=18, icon="bell"))
    worker.every(NEWS_SECONDS, "saved-searches", services.tell_news)
    worker.every(FOLD_SECONDS, "asked-questions", gaps.fold)
