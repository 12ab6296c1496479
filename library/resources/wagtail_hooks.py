"""Put resources of every kind into the back office."""

from wagtail import hooks

from library.resources.back_office import ResourceViewSet, register_policies

register_policies()


@hooks.register("register_admin_viewset")
def resources() -> ResourceViewSet:
    return ResourceViewSet()
