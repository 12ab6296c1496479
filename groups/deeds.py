"""What the audit log's codes are called (审计操作), for people who read it."""

from functools import cache

from django.apps import apps

DEEDS: dict[str, str] = {
    "adoption.began": "选用教材",
    "adoption.ended": "停用教材",
    "appeal.answered": "答复申诉",
    "appointment.began": "任职开始",
    "appointment.edited": "改任职",
    "appointment.ended": "任职结束",
    "author.accepted": "接受署名",
    "author.invited": "邀请署名",
    "batch.opened": "批量上传",
    "calendar.edited": "改校历",
    "catalogue.created": "新建目录条目",
    "catalogue.edited": "修改目录条目",
    "charter.adopted": "通过章程",
    "collection.described": "改合集信息",
    "collection.removed": "移出合集",
    "collection.started": "新建合集",
    "comment.deleted": "删除评论",
    "comment.edited": "改评论",
    "comment.reported": "举报评论",
    "comment.written": "评论",
    "draft.invitation_declined": "谢绝一起写",
    "draft.invitation_revoked": "收回邀请",
    "draft.invited": "邀请一起写",
    "fork.followed": "跟随来源",
    "fork.kept": "保留自己的",
    "fork.updated": "更新到来源的新版",
    "grant.ended": "停止共享",
    "group.founded": "领办新集团",
    "group.modes_set": "改办学形式",
    "link.made": "建分享链接",
    "link.revoked": "收回分享链接",
    "mapping.applied": "确认新旧教材对照",
    "mapping.corrected": "改新旧教材对照",
    "mapping.declined": "退回新旧教材对照",
    "mapping.proposed": "提出新旧教材对照",
    "mapping.reverted": "还原新旧教材对照",
    "mapping.withdrawn": "撤回新旧教材对照",
    "mark.awarded": "授予质量标识",
    "mark.revoked": "收回质量标识",
    "membership.began": "加入",
    "membership.ended": "退出",
    "membership.entry_accepted": "接受加入",
    "membership.entry_declined": "不接受加入",
    "membership.entry_proposed": "提议加入",
    "membership.entry_withdrawn": "撤回加入的提议",
    "membership.exit_accepted": "批准退出",
    "membership.exit_declined": "不批准退出",
    "membership.exit_proposed": "提议退出",
    "membership.exit_withdrawn": "撤回退出的提议",
    "organisation.created": "新建机构",
    "organisation.edited": "改机构信息",
    "outline.applied": "目录修订生效",
    "outline.created": "新建校本课程或专题",
    "outline.declined": "退回目录修订",
    "outline.proposed": "提出目录修订",
    "outline.reverted": "还原目录修订",
    "outline.withdrawn": "撤回目录修订",
    "people.imported": "导入人员",
    "person.code_issued": "发登录码",
    "person.created": "新建人员",
    "person.disabled": "停用账号",
    "person.edited": "改人员信息",
    "person.enabled": "启用账号",
    "person.password_chosen": "改密码",
    "person.signed_in_by_code": "用登录码登录",
    "question.imported": "导入试题",
    "question.put": "选入试题",
    "question.revised_in": "换成修订后的试题",
    "question.taken_out": "移出试题",
    "resource.appealed": "申诉",
    "resource.archived": "归档",
    "resource.author_added": "添加作者",
    "resource.binned": "移到回收站",
    "resource.created": "新建资源",
    "resource.described": "改资源信息",
    "resource.fork_undone": "撤销收入备课",
    "resource.forked": "收入备课",
    "resource.placed": "改目录位置",
    "resource.published": "发布",
    "resource.purged": "回收站到期清除",
    "resource.restored": "恢复",
    "resource.submission_withdrawn": "撤回送审",
    "resource.submitted": "送审",
    "resource.taken_down": "下架",
    "resource.withdrawn": "撤回",
    "review.approved": "审核通过",
    "review.delegated": "委托审核",
    "review.reminded": "催审",
    "review.returned": "退回修改",
    "search.forgotten": "取消订阅检索",
    "search.saved": "保存检索",
    "studio.application_answered": "答复入室申请",
    "studio.application_made": "申请加入工作室",
    "wish.answered": "回应求资源",
    "wish.asked": "求资源",
    "wish.closed": "结束求资源",
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
