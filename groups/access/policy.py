"""Who may do what, as a table: thing → state → action → relations.

The city's policy document is `tests/access/policy.csv`; a test holds this table against it row by row. Two things
that document says in prose are written here as relations: an owner who left the home school keeps reading what was
submitted or published (`OWNER_LEFT`), and a reader takes a thing home only through a grant that allows download
(`DOWNLOADER` stands for `reader` in the rows of `DOWNLOAD_LIKE`).
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
_VERSION = (R.OWNER, R.OWNER_LEFT, R.CO_AUTHOR, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET, R.RECEIPT_HOLDER)

POLICY: Mapping[str, Mapping[str, Rows]] = {
    "resource": {
        "draft": _rows(
            list=_DRAFTERS,
            read=_DRAFTERS,
            download=_DRAFTERS,
            edit=_DRAFTERS,
            fork=_AUTHORS,
            submit=_AUTHORS,
            invite_editor=(R.OWNER,),
            delete=(R.OWNER,),
            see_versions=_DRAFTERS,
        ),
        "in_review": _rows(
            list=(*_KEPT, R.REVIEWER_OF_TARGET),
            read=(*_KEPT, R.REVIEWER_OF_TARGET),
            download=(*_KEPT, R.REVIEWER_OF_TARGET),
            withdraw=(R.OWNER,),
            review=(R.REVIEWER_OF_TARGET,),
            see_versions=(*_KEPT, R.REVIEWER_OF_TARGET),
        ),
        "published": _rows(
            list=_PUBLISHED,
            read=_PUBLISHED,
            download=(*_TAKEN, R.HOME_SCHOOL_ADMIN, R.REVIEWER_OF_TARGET),
            fork=_TAKEN,
            favourite=(R.READER, *_KEPT),
            comment=(R.READER, *_KEPT),
            edit=_AUTHORS,
            submit=_AUTHORS,
            review=(R.REVIEWER_OF_TARGET,),
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
    },
    "version": {
        "published": _rows(read=(R.READER, R.OFFICER_OF_AREA, *_VERSION), download=(R.DOWNLOADER, *_VERSION)),
        "unpublished": _rows(read=(*_DRAFTERS, R.REVIEWER_IT_WAS_SUBMITTED_TO)),
    },
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
    "organisation": {
        ANY: _rows(
            read=(R.ANYONE,),
            see_people=(R.MEMBER_OF_IT, R.ORG_ADMIN, R.OFFICER_OF_AREA),
            edit=(R.ORG_ADMIN, R.SYSTEM_ADMIN),
        ),
    },
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
    "news": {"published": _rows(read=(R.ANYONE,)), ANY: _rows(edit=(R.SITE_EDITOR, R.GROUP_ADMIN))},
}
