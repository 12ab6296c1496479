"""Failed sign-ins, counted in the database so that every process sees the same number."""

from django.db import models


class SignInFailures(models.Model):
    """Failures in a row of one account or one address (登录失败计数). `key` is a digest, never the number itself."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "登录失败"
        verbose_name_plural = "登录失败"

    def __str__(self) -> str:
        return self.key[:12]
