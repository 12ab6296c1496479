"""People and their dated appointments."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from catalogue.uids import new_uid
from groups.models.dated import Dated
from groups.models.organisations import Organisation


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, name: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, name: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(name, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(uid=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account (人员). Signs in with a phone number, or a staff number at a school."""

    wagtail_reference_index_ignore = True

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid)
    name = models.CharField("姓名", max_length=30)
    phone = models.CharField("手机号", max_length=20, null=True, blank=True, unique=True)
    staff_number = models.CharField("工号", max_length=30, blank=True)
    staff_school = models.ForeignKey(
        Organisation, verbose_name="编制学校", null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    email = models.EmailField("邮箱", blank=True)
    title = models.CharField("职称", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录改密码", default=False)
    large_type = models.BooleanField("大字", default=False)
    preferred_subject = models.ForeignKey(
        "catalogue.Subject", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    preferred_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    preferred_textbook = models.ForeignKey(
        "catalogue.Textbook", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "uid"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_school", "staff_number"],
                condition=~Q(staff_number=""),
                name="groups_person_staff_number_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What Wagtail's sidebar calls a person."""
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return f"{self.name[:1]}老师"

    @property
    def surname(self) -> str:
        return self.name[:1]

    @property
    def is_staff(self) -> bool:
        """Django's word for the superuser's door; ours is the policy row `back_office, enter`."""
        return self.is_superuser


class Role(models.TextChoices):
    """What a person is in an organisation. The rule's relations are computed from these."""

    TEACHER = "teacher", "教师"
    MEMBER = "member", "成员"
    HOST = "host", "主持人"
    EDITOR = "editor", "页面编辑"
    PREP_LEADER = "prep_leader", "备课组长"
    RESEARCH_LEADER = "research_leader", "教研组长"
    SCHOOL_LEADER = "school_leader", "学校领导"
    REVIEWER = "reviewer", "审核人"
    ADMIN = "admin", "管理员"
    OFFICER = "officer", "教育局人员"
    SUBJECT_CURATOR = "subject_curator", "学科管理员"
    SITE_EDITOR = "site_editor", "网站编辑"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"


class Nature(models.TextChoices):
    MAIN = "main", "在编"
    ROTATION = "rotation", "交流轮岗"
    SUPPORT = "support", "支教"
    PART_TIME = "part_time", "走教（兼课）"
    SHADOWING = "shadowing", "跟岗"
    SEAT = "seat", "席位"


class Appointment(Dated):
    """A person's dated place in an organisation, with a role (任职). A person holds several at once."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(
        Organisation, verbose_name="机构", on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField("职责", max_length=20, choices=Role.choices, default=Role.TEACHER)
    nature = models.CharField("性质", max_length=10, choices=Nature.choices, default=Nature.MAIN)
    subject = models.ForeignKey(
        "catalogue.Subject", verbose_name="学科", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        Person, verbose_name="批准人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Dated.Meta):
        verbose_name = "任职"
        verbose_name_plural = "任职"
        indexes = [
            models.Index(fields=["person", "starts_at"]),
            models.Index(fields=["organisation", "role", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.get_role_display()}"
