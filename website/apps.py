from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "website"
    label = "website"
    verbose_name = "网站"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search import registry
        from ui import navigation
        from ui.navigation import Link, Place, Section
        from website import policies, search_documents, signals, todos

        del signals
        policies.register()
        todos.register()
        registry.register(search_documents.SOURCE)
        mine = Section(
            "我的备课", "my", order=20, icon="notebook-pen", short="备课", prefixes=("/my/",), signed_in=True
        )
        navigation.register(mine)
        navigation.register(Section("集团与学校", "groups:organisations", order=70, icon="school", short="学校"))
        navigation.register_link(Link("我的备课", "my", order=10, icon="notebook-pen"))
        navigation.register_link(Link("成长档案", "my-portfolio", order=20, icon="scroll-text"))
        navigation.register_link(Link("换学科年级", "taps", order=30, icon="settings"))
        navigation.register_link(Link("大字", "large-type", order=40, icon="a-large-small", method="post"))
        navigation.register_link(Link("换密码", "new-password", order=50, icon="lock"))
        navigation.register_link(Link("使用帮助", "help", order=10, place=Place.FOOT))
        navigation.register_link(Link("新闻", "news", order=20, place=Place.FOOT))
