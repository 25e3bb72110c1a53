"""The library's states of jobs and mails, as GraphQL writes them."""

from enum import Enum

import strawberry


@strawberry.enum
class JobStatus(Enum):
    """The library's states of a job."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.enum(
    description="What is known of a mail. `CLAIMED`: it is being sent. `RELEASED`: "
    "it was not taken and will be tried again. `ACCEPTED`: the provider has it. "
    "`REFUSED`: the provider does not take it. `UNKNOWN`: the provider may have it. "
    "Then what became of it: `DELIVERED`, `BOUNCED`, `DROPPED`, `COMPLAINED` (called "
    "spam)."
)
class DeliveryStatus(Enum):
    """The library's states of a mail."""

    CLAIMED = "claimed"
    RELEASED = "released"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"


@strawberry.enum(description="A step of making a report.")
class Stage(Enum):
    """The library's stages."""

    FETCH = "fetch"
    AGGREGATE = "aggregate"
    RENDER = "render"
    EMAIL = "email"


@strawberry.enum(description="What kind of thing has failed a job.")
class Cause(Enum):
    """The library's causes."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    BUG = "bug"
    SERVICE = "service"
    CRASH = "crash"
    ORPHANED = "orphaned"
    DELIVERY = "delivery"
