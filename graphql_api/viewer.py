"""``me``: the person asking, as the product knows them."""

from datetime import datetime
from enum import Enum

import strawberry

from graphql_api.context import Info
from graphql_api.subscriptions.types import Study
from trial_reports.users import models


@strawberry.enum(description="What is wrong with somebody's address.")
class MailProblem(Enum):
    """The library's problems of an address."""

    MAIL_BOUNCED = strawberry.enum_value(
        "mail_bounced", description="It takes no mail."
    )
    MAIL_COMPLAINED = strawberry.enum_value(
        "mail_complained", description="A mail of ours was called spam."
    )


@strawberry.type(description="What a person is in a study.")
class Membership:
    """A membership that is running."""

    study_id: strawberry.ID = strawberry.field(
        description="`*` for who operates all studies."
    )
    site_id: strawberry.ID | None
    role: str = strawberry.field(
        description="`participant`, `coordinator` or `operator`; more may be added."
    )
    since: datetime

    @strawberry.field(description="`null` for `*`.")
    async def study(self, info: Info) -> Study | None:
        """Read it with those of all memberships."""
        found = await info.context.loaders.study.load(str(self.study_id))
        return None if found is None else Study(id=self.study_id, title=found.title)


@strawberry.type(description="The person asking.")
class User:
    """A person."""

    id: strawberry.ID
    name: str
    email: str
    email_verified: bool
    email_consent: bool
    mail_problem: MailProblem | None = strawberry.field(
        description="Why their subscriptions were stopped, until a mail arrives again."
    )
    locale: str
    time_zone: str = strawberry.field(description="IANA name.")
    memberships: list[Membership] = strawberry.field(description="Those now running.")

    @classmethod
    def of(cls, stored: models.User, now: datetime) -> "User":
        """Return what the API tells a person about themselves."""
        problem = stored.mail_problem
        return cls(
            id=strawberry.ID(stored.id),
            name=stored.name,
            email=stored.email,
            email_verified=stored.email_verified_at is not None,
            email_consent=stored.email_consent,
            mail_problem=None if problem is None else MailProblem(problem),
            locale=stored.locale,
            time_zone=stored.time_zone,
            memberships=[
                Membership(
                    study_id=strawberry.ID(place.study_id),
                    site_id=None
                    if place.site_id is None
                    else strawberry.ID(place.site_id),
                    role=place.role,
                    since=place.since,
                )
                for place in stored.memberships
                if place.covers(now)
            ],
        )


@strawberry.type
class ViewerQueries:
    """What people can ask about themselves."""

    @strawberry.field(description="The person asking.")
    async def me(self, info: Info) -> User:
        """Return them as they were read for this request."""
        return User.of(info.context.user, info.context.now)
