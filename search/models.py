"""The outbox: what must be written to the index, one row a document, kept as its version register."""

from django.db import models


class OutboxRow(models.Model):
    """One document of the index (待写索引). `version` grows with every touch; `done_version` follows it."""

    source = models.CharField(max_length=20)
    uid = models.CharField(max_length=40)
    version = models.PositiveBigIntegerField(default=1)
    done_version = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    parked = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "待写索引"
        verbose_name_plural = "待写索引"
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="search_outbox_unique")]
