"""What the audit log's codes are called (审计操作), for people who read it."""

from functools import cache

from django.apps import apps

DEEDS: dict[str, str] = {
    "appointment.began": "任职开始",
    "appointment.ended": "任职结束",
    "catalogue.created": "新建目录条目",
    "catalogue.edited": "修改目录条目",
    "draft.invited": "邀请一起写",
    "draft.invitation_revoked": "收回邀请",
    "grant.ended": "停止共享",
    "membership.began": "加入",
    "membership.ended": "退出",
    "organisation.created": "新建机构",
    "person.disabled": "停用账号",
    "person.enabled": "启用账号",
    "person.password_chosen": "改密码",
    "person.password_reset": "重置密码",
    "resource.archived": "归档",
    "resource.author_added": "添加作者",
    "resource.binned": "移到回收站",
    "resource.created": "新建资源",
    "resource.described": "改资源信息",
    "resource.fork_undone": "撤销收入备课",
    "resource.forked": "收入备课",
    "resource.placed": "改目录位置",
    "resource.published": "发布",
    "resource.restored": "恢复",
    "resource.submission_withdrawn": "撤回送审",
    "resource.submitted": "送审",
    "resource.taken_down": "下架",
    "resource.withdrawn": "撤回",
    "review.approved": "审核通过",
    "review.delegated": "委托审核",
    "review.returned": "退回修改",
}


def deed(code: str) -> str:
    """The code in words; one that nobody named is shown as it is."""
    return DEEDS.get(code, code)


@cache
def _things() -> dict[str, str]:
    own = (m for m in apps.get_models() if not m.__module__.startswith(("django", "wagtail", "taggit")))
    return {str(model._meta.model_name): str(model._meta.verbose_name) for model in own}


def thing_name(model_name: str) -> str:
    return _things().get(model_name, model_name)
