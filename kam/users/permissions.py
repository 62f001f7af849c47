"""What a person may do with people and settings."""

from kam.users.models import Role, User


def can_manage_people(user: User) -> bool:
    return user.role == Role.LEADER


def can_change_role(user: User, person: User) -> bool:
    """A leader may not take the role from herself: the last one would lock everybody out."""
    return can_manage_people(user) and user.pk != person.pk
