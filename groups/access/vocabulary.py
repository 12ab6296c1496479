"""The words of the access policy: actions, relations, and the verdict that a page can show."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a person wants to do with a thing; the names are those of the policy's rows."""

    LIST = "list"
    READ = "read"
    DOWNLOAD = "download"
    EDIT = "edit"
    FORK = "fork"
    SUBMIT = "submit"
    INVITE_EDITOR = "invite_editor"
    DELETE = "delete"
    SEE_VERSIONS = "see_versions"
    SEE_DRAFTS = "see_drafts"
    SEE_USE = "see_use"
    SEE_PEOPLE = "see_people"
    WITHDRAW = "withdraw"
    WITHDRAW_SUBMISSION = "withdraw_submission"
    REVIEW = "review"
    FAVOURITE = "favourite"
    COMMENT = "comment"
    ARCHIVE = "archive"
    GRANT = "grant"
    NARROW_GRANT = "narrow_grant"
    TAKE_DOWN = "take_down"
    AWARD_MARK = "award_mark"
    FEATURE = "feature"
    EXPORT = "export"
    APPEAL = "appeal"
    RESTORE = "restore"
    ENTER = "enter"
    EDIT_PAGE = "edit_page"
    INVITE = "invite"
    ASK_TO_JOIN = "ask_to_join"
    ACCEPT_MEMBER = "accept_member"
    SUBMIT_TO = "submit_to"
    FOLLOW = "follow"
    PROPOSE_ENTRY = "propose_entry"
    ACCEPT_ENTRY = "accept_entry"
    PROPOSE_EXIT = "propose_exit"
    APPROVE_EXIT = "approve_exit"
    CREATE = "create"
    END = "end"
    READ_CARD = "read_card"
    READ_CONTACT = "read_contact"
    RESET_PASSWORD = "reset_password"
    DISABLE = "disable"
    EXPORT_OWN_DATA = "export_own_data"
    CURATE = "curate"
    REPORT = "report"
    ANSWER = "answer"
    CLOSE = "close"
    APPROVE_CHANGE = "approve_change"


class Relation(StrEnum):
    """How a person stands to a thing at a moment; the names are those of the policy's `allowed` column.

    `DOWNLOADER` is a reader through a grant that allows download; `OWNER_LEFT` an owner whose last appointment at the
    home school has ended; `REVIEWER_OF_NEXT` reviews the submission that waits; `COMMENTER_UNANSWERED` wrote a comment
    that nobody has answered yet. They are in the policy's prose, not in its table.
    """

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    SELF = "self"
    OWNER = "owner"
    OWNER_LEFT = "owner_left"
    CO_AUTHOR = "co_author"
    DRAFT_EDITOR = "draft_editor"
    READER = "reader"
    DOWNLOADER = "downloader"
    RECEIPT_HOLDER = "receipt_holder"
    REVIEWER_OF_TARGET = "reviewer_of_target"
    REVIEWER_OF_NEXT = "reviewer_of_next"
    REVIEWER_IT_WAS_SUBMITTED_TO = "reviewer_it_was_submitted_to"
    HOME_SCHOOL_ADMIN = "home_school_admin"
    GROUP_ADMIN = "group_admin"
    OFFICER_OF_AREA = "officer_of_area"
    SYSTEM_ADMIN = "system_admin"
    TAKER_OR_ABOVE = "taker_or_above"
    AUDITOR = "auditor"
    UPLOADER = "uploader"
    LINK_HOLDER = "link_holder"
    STUDIO_HOST = "studio_host"
    STUDIO_MEMBER = "studio_member"
    STUDIO_EDITOR = "studio_editor"
    ORG_ADMIN = "org_admin"
    MEMBER_OF_IT = "member_of_it"
    SCHOOL_ADMIN = "school_admin"
    SUBJECT_CURATOR = "subject_curator"
    OTHER_SUBJECT_CURATOR = "other_subject_curator"
    SITE_EDITOR = "site_editor"
    AS_ITS_THING = "as_its_thing"
    COMMENTER = "commenter"
    COMMENTER_UNANSWERED = "commenter_unanswered"
    MODERATOR_OF_THING = "moderator_of_thing"


DOWNLOAD_LIKE = frozenset({Action.DOWNLOAD, Action.EXPORT, Action.FORK})
"""What a view-only grant refuses to readers; print follows download."""

SIGNED_OUT_ACTIONS = frozenset({Action.LIST, Action.READ, Action.DOWNLOAD, Action.EXPORT, Action.SEE_VERSIONS})
"""What a visitor may do with a public thing, and nothing else."""

REASONS = {
    Relation.ANYONE: "公开",
    Relation.SIGNED_IN: "已登录",
    Relation.SELF: "本人",
    Relation.OWNER: "你是所有者",
    Relation.OWNER_LEFT: "你曾是所有者",
    Relation.CO_AUTHOR: "你是作者之一",
    Relation.DRAFT_EDITOR: "你被邀请一起写",
    Relation.READER: "共享范围里有你",
    Relation.DOWNLOADER: "共享范围里有你，可下载",
    Relation.RECEIPT_HOLDER: "你留有这一版",
    Relation.REVIEWER_OF_TARGET: "你是审核人",
    Relation.REVIEWER_OF_NEXT: "你是审核人",
    Relation.REVIEWER_IT_WAS_SUBMITTED_TO: "你是审核人",
    Relation.LINK_HOLDER: "你打开的是分享链接",
    Relation.UPLOADER: "你上传的，还没有放进资料里",
    Relation.HOME_SCHOOL_ADMIN: "你是所属学校的管理员",
    Relation.GROUP_ADMIN: "你是集团管理员",
    Relation.OFFICER_OF_AREA: "你是所在区域教育局人员",
    Relation.SYSTEM_ADMIN: "你是系统管理员",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the rule: allowed or not, why, and through which relation."""

    allowed: bool
    reason: str
    relation: Relation | None = None

    def __bool__(self) -> bool:
        return self.allowed


SIGN_IN = "请先登录"
DISABLED = "这个账号已停用，请联系本校管理员"
NOT_SHARED = "这份资料没有对你开放，想用请联系作者或本校管理员"
VIEW_ONLY = "这份资料只开放查看，想下载或收入备课请联系作者"
LEFT = "你已离开这份资料所属的学校，还能查看和下载，不能再改动或送审"
NOT_YOURS = "你没有办这件事的权限，请联系本校管理员"
ABOUT_RESOURCES = frozenset({"resource", "version"})


def allowance(through: Relation) -> Verdict:
    return Verdict(True, REASONS.get(through, "你有这项职责"), through)


def refusal(signed_out: bool, disabled: bool, thing: str, held: frozenset[Relation], action: Action) -> Verdict:
    """The refusal with its reason and whom to ask."""
    if disabled:
        return Verdict(False, DISABLED)
    if signed_out:
        return Verdict(False, SIGN_IN)
    if thing not in ABOUT_RESOURCES:
        return Verdict(False, NOT_YOURS)
    if Relation.OWNER_LEFT in held:
        return Verdict(False, LEFT)
    if Relation.READER in held and action in DOWNLOAD_LIKE:
        return Verdict(False, VIEW_ONLY)
    if Relation.READER in held:
        return Verdict(False, NOT_YOURS)
    return Verdict(False, NOT_SHARED)
