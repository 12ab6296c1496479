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
    CLAIM = "claim"
    ASSIGN_LEAD = "assign_lead"
    EDIT_DRAFT = "edit_draft"
    SUBMIT_DRAFT = "submit_draft"
    SUGGEST = "suggest"
    VOTE = "vote"
    DISPOSE_COMMENT = "dispose_comment"
    NEW_DRAFT = "new_draft"
    SEND_FOR_APPROVAL = "send_for_approval"
    EXTEND_DEADLINE = "extend_deadline"
    ADD_MEMBER = "add_member"
    CHANGE_LEAD = "change_lead"
    CHANGE_APPROVER = "change_approver"
    CONCLUDE = "conclude"
    APPROVE = "approve"
    RETURN = "return"
    HAND_DOWN = "hand_down"
    RECEIVE = "receive"
    PROPOSE_CHANGE = "propose_change"
    REVISE = "revise"
    RECAP = "recap"
    CANCEL = "cancel"
    INSPECT = "inspect"
    SEE_STATUS = "see_status"


class Relation(StrEnum):
    """How a person stands to a thing at a moment; the names are those of the policy's `allowed` column.

    `DOWNLOADER` is a reader through a grant that allows download; `OWNER_LEFT` an owner whose last appointment at the
    home school has ended; `REVIEWER_OF_NEXT` reviews the submission that waits; `COMMENTER_UNANSWERED` wrote a comment
    that nobody has answered yet; `ORGANISER_BEFORE_SETTLED` organises what is not settled. They are in the policy's
    prose, not in its table.

    The relations that end in `_work` hold to a resource which is a preparation's shared plan or an adaptation, and is
    not published: what the rows of that preparation or adaptation allow. Upper packages say it (`library.resources.work`).
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
    ORGANISER = "organiser"
    ORGANISER_BEFORE_SETTLED = "organiser_before_settled"
    LEAD = "lead"
    CO_LEAD = "co_lead"
    PREP_MEMBER = "prep_member"
    PREP_MEMBER_IF_SHARED = "prep_member_if_shared"
    EXPERT = "expert"
    APPROVER = "approver"
    OBSERVER = "observer"
    RECIPIENT = "recipient"
    SCHOOL_LEADER = "school_leader"
    INSPECTOR = "inspector"
    AS_READ_OF_ITS_STATE = "as_read_of_its_state"
    LISTS_WORK = "lists_work"
    READS_WORK = "reads_work"
    TAKES_WORK = "takes_work"
    EDITS_WORK = "edits_work"
    RECEIVES_WORK = "receives_work"
    PUBLISHES_WORK = "publishes_work"
    DISCARDS_WORK = "discards_work"


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
    Relation.ORGANISER: "你是组织者",
    Relation.ORGANISER_BEFORE_SETTLED: "你是组织者",
    Relation.LEAD: "你是主备人",
    Relation.CO_LEAD: "你是协同主备人",
    Relation.PREP_MEMBER: "你是参备人",
    Relation.EXPERT: "你是特邀专家",
    Relation.APPROVER: "你是审定人",
    Relation.OBSERVER: "你是观察员",
    Relation.RECIPIENT: "共案下发给了你",
    Relation.SCHOOL_LEADER: "你是参与学校的领导或教研组长",
    Relation.INSPECTOR: "你可以查阅本校的教案",
    Relation.PREP_MEMBER_IF_SHARED: "作者对备课组公开了这份个案",
    Relation.LISTS_WORK: "按集体备课的规则",
    Relation.READS_WORK: "按集体备课的规则",
    Relation.TAKES_WORK: "按集体备课的规则",
    Relation.EDITS_WORK: "按集体备课的规则",
    Relation.RECEIVES_WORK: "共案下发给了你",
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
NOT_IN_PREPARATION = "这次集体备课没有请你参加，想参加请联系组织者"
NOT_NOW = "现在这一步轮不到你来做，请看看进度，或联系组织者"
ABOUT_RESOURCES = frozenset({"resource", "version"})


def allowance(through: Relation) -> Verdict:
    return Verdict(True, REASONS.get(through, "你有这项职责"), through)


def refusal(signed_out: bool, disabled: bool, thing: str, held: frozenset[Relation], action: Action) -> Verdict:
    """The refusal with its reason and whom to ask."""
    if disabled:
        return Verdict(False, DISABLED)
    if signed_out:
        return Verdict(False, SIGN_IN)
    if thing == "prep":
        return Verdict(False, NOT_NOW if held else NOT_IN_PREPARATION)
    if thing not in ABOUT_RESOURCES:
        return Verdict(False, NOT_YOURS)
    if Relation.OWNER_LEFT in held:
        return Verdict(False, LEFT)
    if Relation.READER in held and action in DOWNLOAD_LIKE:
        return Verdict(False, VIEW_ONLY)
    if Relation.READER in held:
        return Verdict(False, NOT_YOURS)
    return Verdict(False, NOT_SHARED)
