"""Who may do what, as a table: thing → state → action → relations.

The city's policy document is `tests/access/policy.csv`; a test holds this table against it row by row. What that
document says in prose is written here in words of its own:

- `OWNER_LEFT`: an owner who left the home school reads, downloads, forks and sees the use of what was submitted.
- `DOWNLOADER` stands for `reader` where a view-only grant is not enough.
- `REVIEWER_OF_NEXT` stands for `reviewer_of_target` where the submission that waits is meant, not the published one.
- `ORGANISER_BEFORE_SETTLED` stands for `organiser` where the note says "before it is settled".
- `in_work` and `in_work_review` are drafts, and things in review, that are a preparation's shared plan or an adaptation:
  the rows of that preparation or adaptation replace the resource's own, and upper packages say what they allow.
- `ONLY_WHAT_THEY_READ`: actions for which the same relation, or another one held, must also allow reading.
"""

from collections.abc import Mapping

from groups.access.vocabulary import Action as A
from groups.access.vocabulary import Relation as R

ANY = "any"
Rows = Mapping[A, frozenset[R]]


def _rows(**rows: tuple[R, ...]) -> Rows:
    return {A(name): frozenset(relations) for name, relations in rows.items()}


_AUTHORS = (R.OWNER, R.CO_AUTHOR)
_DRAFTERS = (*_AUTHORS, R.DRAFT_EDITOR)
_KEPT = (*_AUTHORS, R.OWNER_LEFT)
_PUBLISHED = (R.READER, *_KEPT, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET, R.OFFICER_OF_AREA)
_TAKEN = (R.DOWNLOADER, *_KEPT)
_VERSION = (*_KEPT, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET, R.RECEIPT_HOLDER)

_RESOURCE: Mapping[str, Rows] = {
    "draft": _rows(
        list=(*_DRAFTERS, R.OWNER_LEFT),
        read=(*_DRAFTERS, R.OWNER_LEFT),
        download=(*_DRAFTERS, R.OWNER_LEFT),
        edit=_DRAFTERS,
        fork=_KEPT,
        submit=_AUTHORS,
        invite_editor=(R.OWNER,),
        delete=(R.OWNER,),
        see_versions=(*_DRAFTERS, R.OWNER_LEFT),
    ),
    "in_review": _rows(
        list=(*_KEPT, R.REVIEWER_OF_TARGET),
        read=(*_KEPT, R.REVIEWER_OF_TARGET),
        download=(*_KEPT, R.REVIEWER_OF_TARGET),
        withdraw=(R.OWNER,),
        review=(R.REVIEWER_OF_NEXT,),
        see_versions=(*_KEPT, R.REVIEWER_OF_TARGET),
    ),
    "published": _rows(
        list=_PUBLISHED,
        read=_PUBLISHED,
        download=(*_TAKEN, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET),
        fork=_TAKEN,
        favourite=(R.READER, *_AUTHORS),
        comment=(R.READER, *_AUTHORS),
        edit=_AUTHORS,
        submit=_AUTHORS,
        review=(R.REVIEWER_OF_NEXT,),
        withdraw_submission=(R.OWNER,),
        archive=(R.OWNER, R.HOME_SCHOOL_ADMIN),
        grant=(R.OWNER,),
        narrow_grant=(R.OWNER, R.HOME_SCHOOL_ADMIN),
        withdraw=(R.OWNER,),
        take_down=(R.HOME_SCHOOL_ADMIN, R.GROUP_ADMIN, R.OFFICER_OF_AREA, R.SYSTEM_ADMIN),
        award_mark=(R.GROUP_ADMIN, R.OFFICER_OF_AREA),
        feature=(R.STUDIO_HOST, R.GROUP_ADMIN, R.OFFICER_OF_AREA),
        see_versions=(R.READER, *_KEPT, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET),
        see_drafts=_DRAFTERS,
        see_use=(*_KEPT, R.HOME_SCHOOL_ADMIN, R.GROUP_ADMIN, R.OFFICER_OF_AREA),
        export=_TAKEN,
    ),
    "in_work": _rows(
        list=(R.LISTS_WORK,),
        read=(R.READS_WORK,),
        download=(R.TAKES_WORK,),
        export=(R.TAKES_WORK,),
        see_versions=(R.READS_WORK,),
        see_drafts=(R.EDITS_WORK,),
        edit=(R.EDITS_WORK,),
        fork=(R.RECEIVES_WORK,),
        submit=(R.PUBLISHES_WORK,),
        delete=(R.DISCARDS_WORK,),
    ),
    "in_work_review": _rows(
        list=(R.LISTS_WORK, R.REVIEWER_OF_TARGET),
        read=(R.READS_WORK, R.REVIEWER_OF_TARGET),
        download=(R.TAKES_WORK, R.REVIEWER_OF_TARGET),
        see_versions=(R.READS_WORK, R.REVIEWER_OF_TARGET),
        review=(R.REVIEWER_OF_NEXT,),
        withdraw=(R.PUBLISHES_WORK,),
    ),
    "taken_down": _rows(
        list=(*_KEPT, R.HOME_SCHOOL_ADMIN, R.GROUP_ADMIN),
        read=(*_KEPT, R.HOME_SCHOOL_ADMIN, R.GROUP_ADMIN, R.OFFICER_OF_AREA),
        appeal=(R.OWNER,),
        restore=(R.TAKER_OR_ABOVE,),
    ),
    "archived": _rows(
        list=(R.READER, *_KEPT, R.HOME_SCHOOL_ADMIN),
        read=(R.READER, *_KEPT, R.HOME_SCHOOL_ADMIN, R.OFFICER_OF_AREA),
        download=(*_TAKEN, R.HOME_SCHOOL_ADMIN),
        fork=_TAKEN,
    ),
    "binned": _rows(list=(R.OWNER,), restore=(R.OWNER, R.HOME_SCHOOL_ADMIN)),
}


def _as_its_resource(state: str) -> Rows:
    """A published version follows its resource's own row while that is neither published nor archived."""
    return {action: _RESOURCE[state][action] for action in (A.READ, A.DOWNLOAD) if action in _RESOURCE[state]}


_UNSETTLED = ("draft", "in_review", "in_work", "in_work_review", "taken_down", "binned")
_UNPUBLISHED = (*_DRAFTERS, R.OWNER_LEFT, R.REVIEWER_IT_WAS_SUBMITTED_TO)

_DISCUSSERS = (R.PREP_MEMBER, R.LEAD, R.CO_LEAD, R.ORGANISER, R.EXPERT, R.APPROVER, R.SCHOOL_LEADER, R.OBSERVER)
_AFTERWARDS = (*_DISCUSSERS, R.GROUP_ADMIN)
_USERS = (*_AFTERWARDS, R.RECIPIENT)
_PLANNERS = (R.PREP_MEMBER, R.ORGANISER, R.SCHOOL_LEADER, R.GROUP_ADMIN, R.OBSERVER)

_PREP: Mapping[str, Rows] = {
    ANY: _rows(
        cancel=(R.ORGANISER_BEFORE_SETTLED,),
        change_approver=(R.ORGANISER_BEFORE_SETTLED,),
        list=(R.AS_READ_OF_ITS_STATE,),
        download=(R.AS_READ_OF_ITS_STATE,),
    ),
    "planned": _rows(
        read=(*_PLANNERS, R.EXPERT, R.APPROVER),
        claim=(R.PREP_MEMBER,),
        assign_lead=(R.ORGANISER,),
        edit=(R.ORGANISER,),
    ),
    "drafting": _rows(
        read=(R.LEAD, R.CO_LEAD, R.ORGANISER),
        edit_draft=(R.LEAD, R.CO_LEAD),
        submit_draft=(R.LEAD,),
        change_lead=(R.ORGANISER,),
    ),
    "discussing": _rows(
        read=_DISCUSSERS,
        comment=(R.PREP_MEMBER, R.LEAD, R.ORGANISER, R.EXPERT, R.APPROVER),
        suggest=(R.PREP_MEMBER, R.ORGANISER, R.EXPERT),
        vote=(R.PREP_MEMBER, R.EXPERT),
        dispose_comment=(R.LEAD, R.CO_LEAD),
        edit_draft=(R.LEAD, R.CO_LEAD),
        new_draft=(R.LEAD,),
        send_for_approval=(R.LEAD, R.ORGANISER),
        extend_deadline=(R.ORGANISER,),
        add_member=(R.ORGANISER,),
        change_lead=(R.ORGANISER,),
        conclude=(R.ORGANISER,),
    ),
    "for_approval": _rows(read=_DISCUSSERS, approve=(R.APPROVER,), **{"return": (R.APPROVER,)}),
    "settled": _rows(read=_AFTERWARDS, hand_down=(R.ORGANISER, R.APPROVER)),
    "in_use": _rows(
        read=_USERS,
        receive=(R.PREP_MEMBER, R.RECIPIENT),
        propose_change=(R.PREP_MEMBER, R.RECIPIENT),
        revise=(R.LEAD,),
        recap=(R.ORGANISER,),
        hand_down=(R.ORGANISER, R.APPROVER),
        change_lead=(R.ORGANISER,),
    ),
    "recapping": _rows(read=_USERS, recap=(R.ORGANISER,), archive=(R.ORGANISER,)),
    "archived": _rows(read=_USERS, archive=(R.ORGANISER,), revise=(R.LEAD,)),
    "cancelled": _rows(read=(R.PREP_MEMBER, R.LEAD, R.ORGANISER)),
}

_INSPECTED = _rows(read=(R.OWNER, R.INSPECTOR, R.PREP_MEMBER_IF_SHARED))
_ADAPTATION: Mapping[str, Rows] = {
    ANY: _rows(
        see_status=(R.INSPECTOR,),
        edit=(R.OWNER,),
        list=(R.OWNER,),
        download=(R.OWNER,),
        submit=(R.OWNER,),
        delete=(R.OWNER,),
    ),
    "draft": _rows(read=(R.OWNER,)),
    "ready": {**_INSPECTED, A.INSPECT: frozenset({R.INSPECTOR})},
    "taught": {**_INSPECTED, A.INSPECT: frozenset({R.INSPECTOR})},
    "reflected": _INSPECTED,
}

POLICY: Mapping[str, Mapping[str, Rows]] = {
    "resource": _RESOURCE,
    "version": {
        "published": _rows(read=(R.READER, R.OFFICER_OF_AREA, *_VERSION), download=(R.DOWNLOADER, *_VERSION)),
        "unpublished": _rows(read=_UNPUBLISHED),
        "submitted": _rows(read=(*_UNPUBLISHED, R.REVIEWER_OF_TARGET), download=(*_KEPT, R.REVIEWER_OF_TARGET)),
        **{f"of_{state}": _as_its_resource(state) for state in _UNSETTLED},
    },
    "file": {"orphan": _rows(read=(R.UPLOADER,)), "contained": {}},
    "studio": {
        "running": _rows(
            read=(R.ANYONE,),
            edit_page=(R.STUDIO_HOST, R.STUDIO_EDITOR),
            invite=(R.STUDIO_HOST,),
            ask_to_join=(R.SIGNED_IN,),
            accept_member=(R.STUDIO_HOST,),
            submit_to=(R.STUDIO_MEMBER, R.STUDIO_HOST),
            follow=(R.SIGNED_IN,),
        ),
        "closed": _rows(read=(R.ANYONE,)),
    },
    "collection": {
        ANY: _rows(read=(R.READER, R.OWNER), edit=(R.OWNER,), curate=(R.ORG_ADMIN, R.STUDIO_HOST)),
    },
    "comment": {
        ANY: _rows(
            read=(R.AS_ITS_THING,),
            edit=(R.COMMENTER_UNANSWERED,),
            delete=(R.COMMENTER, R.MODERATOR_OF_THING),
            report=(R.READER,),
        ),
    },
    "prep": _PREP,
    "prep_plan": {ANY: _rows(list=_PLANNERS, read=_PLANNERS, claim=(R.PREP_MEMBER,), edit=(R.ORGANISER,))},
    "adaptation": _ADAPTATION,
    "wish": {
        ANY: _rows(read=(R.SIGNED_IN,)),
        "open": _rows(answer=(R.SIGNED_IN,), close=(R.OWNER,)),
    },
    "organisation": {
        ANY: _rows(
            read=(R.ANYONE,),
            see_people=(R.MEMBER_OF_IT, R.ORG_ADMIN, R.OFFICER_OF_AREA),
            edit=(R.ORG_ADMIN, R.SYSTEM_ADMIN),
        ),
    },
    "membership": {
        ANY: _rows(
            propose_entry=(R.GROUP_ADMIN,),
            accept_entry=(R.SCHOOL_ADMIN,),
            propose_exit=(R.GROUP_ADMIN, R.SCHOOL_ADMIN),
            approve_exit=(R.OFFICER_OF_AREA,),
        ),
    },
    "appointment": {ANY: _rows(create=(R.SCHOOL_ADMIN, R.OFFICER_OF_AREA), end=(R.SCHOOL_ADMIN, R.OFFICER_OF_AREA))},
    "person": {
        ANY: _rows(
            read_card=(R.SIGNED_IN,),
            read_contact=(R.SELF, R.SCHOOL_ADMIN, R.SYSTEM_ADMIN),
            edit=(R.SELF, R.SCHOOL_ADMIN),
            reset_password=(R.SCHOOL_ADMIN, R.SYSTEM_ADMIN),
            disable=(R.SCHOOL_ADMIN, R.SYSTEM_ADMIN),
            export_own_data=(R.SELF,),
        ),
    },
    "catalogue": {
        ANY: _rows(
            read=(R.ANYONE,),
            edit=(R.SUBJECT_CURATOR, R.SYSTEM_ADMIN),
            approve_change=(R.OTHER_SUBJECT_CURATOR, R.SYSTEM_ADMIN),
        ),
    },
    "access_explain": {
        ANY: _rows(read=(R.OWNER, R.SCHOOL_ADMIN, R.GROUP_ADMIN, R.OFFICER_OF_AREA, R.AUDITOR)),
    },
    "audit": {ANY: _rows(read=(R.AUDITOR, R.SYSTEM_ADMIN))},
    "back_office": {
        ANY: _rows(
            enter=(
                R.SITE_EDITOR,
                R.STUDIO_HOST,
                R.STUDIO_EDITOR,
                R.GROUP_ADMIN,
                R.SYSTEM_ADMIN,
                R.OFFICER_OF_AREA,
                R.AUDITOR,
            )
        ),
    },
    "link": {"valid": _rows(read=(R.LINK_HOLDER,)), "ended": {}},
    "news": {"published": _rows(read=(R.ANYONE,)), ANY: _rows(edit=(R.SITE_EDITOR, R.GROUP_ADMIN))},
}

ONLY_WHAT_THEY_READ: Mapping[str, frozenset[A]] = {
    "resource": frozenset({A.TAKE_DOWN, A.AWARD_MARK, A.FEATURE, A.SEE_USE}),
}
