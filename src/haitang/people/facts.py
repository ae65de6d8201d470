"""What can have happened to people, accounts, roles and grants."""

from dataclasses import dataclass
from typing import Annotated

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
OptionalId = Annotated[int | None, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[list[str], Privacy.INTERNAL]
PersonalText = Annotated[str, Privacy.PERSONAL]
Day = Annotated[str | None, Privacy.INTERNAL]


class _OfAccount(Fact):
    subject_type = "account"


class _OfPerson(Fact):
    subject_type = "person"


class _OfRole(Fact):
    subject_type = "role"


@dataclass(frozen=True)
class AccountCreated(_OfAccount):
    """Somebody can sign in from now on."""

    account_id: Id
    username: PersonalText


@dataclass(frozen=True)
class AccountSwitchedOff(_OfAccount):
    """The account cannot be used any more, its tokens included."""

    account_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class AccountSwitchedOn(_OfAccount):
    """The account can be used again."""

    account_id: Id


@dataclass(frozen=True)
class PasswordReset(_OfAccount):
    """An administrator set a password that must be changed at the next sign-in."""

    account_id: Id


@dataclass(frozen=True)
class PasswordChanged(_OfAccount):
    """The account's owner chose a new password."""

    account_id: Id


@dataclass(frozen=True)
class TokenCreated(_OfAccount):
    """A token for the API was made."""

    account_id: Id
    token_id: Id
    name: Word


@dataclass(frozen=True)
class TokenRevoked(_OfAccount):
    """A token for the API is no longer accepted."""

    account_id: Id
    token_id: Id


@dataclass(frozen=True)
class GrantGiven(_OfAccount):
    """The account was given a role or a permission. Neither area nor organization: everywhere."""

    account_id: Id
    grant_id: Id
    role: Word
    permission: Word
    area_id: OptionalId
    organization_id: OptionalId
    from_date: Day
    to_date: Day
    reason: PersonalText


@dataclass(frozen=True)
class GrantMoved(_OfAccount):
    """A grant goes on with the new version of its area."""

    account_id: Id
    grant_id: Id
    area_id: Id


@dataclass(frozen=True)
class GrantRevoked(_OfAccount):
    """A grant was ended before its time."""

    account_id: Id
    grant_id: Id
    reason: PersonalText


@dataclass(frozen=True)
class RoleCreated(_OfRole):
    """There is a new role."""

    role_id: Id
    role: Word
    permissions: Words


@dataclass(frozen=True)
class RoleChanged(_OfRole):
    """The role means something else from now on, for everybody who has it."""

    role_id: Id
    role: Word
    added: Words
    removed: Words


@dataclass(frozen=True)
class PersonCreated(_OfPerson):
    """A person was entered."""

    person_id: Id
    name: PersonalText


@dataclass(frozen=True)
class PersonChanged(_OfPerson):
    """Some of the person's data were changed; which, not to what."""

    person_id: Id
    changed: Words


@dataclass(frozen=True)
class PersonUnmasked(_OfPerson):
    """Somebody looked at the person's full telephone number or address."""

    person_id: Id
    field: Word
    reason: PersonalText


@dataclass(frozen=True)
class PersonAppointed(_OfPerson):
    """The person holds a post."""

    person_id: Id
    holding_id: Id
    post_id: Id
    from_date: Day
    to_date: Day


@dataclass(frozen=True)
class PersonDismissed(_OfPerson):
    """The person's holding of a post ends."""

    person_id: Id
    holding_id: Id
    post_id: Id
    to_date: Day
    reason: PersonalText
