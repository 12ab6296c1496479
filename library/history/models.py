"""What a resource was before it became what its columns say, so that the rule can answer for a past moment."""

from django.db import models

from groups.models import Dated, State


class StateSpan(Dated):
    """A state that is over (历史状态): from when until when, with the version that readers saw then."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="past_states")
    state = models.CharField("状态", max_length=12, choices=State.choices)
    published_version = models.ForeignKey(
        "library.Version", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    taken_down_as = models.CharField("下架人层级", max_length=20, blank=True)

    class Meta(Dated.Meta):
        verbose_name = "历史状态"
        verbose_name_plural = "历史状态"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["resource", "starts_at"])]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=models.Q(ends_at__isnull=False), name="library_history_statespan_is_over"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.get_state_display()}"


class AuthorSince(models.Model):
    """Somebody named as an author after the resource began (后加作者). Without a row: an author from its beginning."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="authors_since")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("自")

    class Meta:
        verbose_name = "后加作者"
        verbose_name_plural = "后加作者"
        constraints = [models.UniqueConstraint(fields=["resource", "person"], name="library_history_author_once")]
