from library.together.models.collections import Collection, CollectionGrant, CollectionItem
from library.together.models.review import Appeal, QualityMark, Reminder
from library.together.models.talk import Comment, CommentReport, Follow, Invitation, Thanks
from library.together.models.wishes import Wish, WishAnswer

__all__ = [
    "Appeal",
    "Collection",
    "CollectionGrant",
    "CollectionItem",
    "Comment",
    "CommentReport",
    "Follow",
    "Invitation",
    "QualityMark",
    "Reminder",
    "Thanks",
    "Wish",
    "WishAnswer",
]
