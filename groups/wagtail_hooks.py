"""Put people, organisations and the audit log into the back office."""

from wagtail.snippets.models import register_snippet

from groups.back_office import GroupsGroup, register_policies

register_policies()
register_snippet(GroupsGroup)
