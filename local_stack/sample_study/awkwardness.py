"""What can be odd about a participant, and what must happen then."""

from enum import Enum


class Awkwardness(Enum):
    """An odd participant, in order of importance; the value is what must happen.

    A sample has one of each, directly after its first, plain person, as far as
    its number of participants goes.
    """

    QUIET = "report says that nothing was recorded this week"
    """Has a history, but neither a record nor a file in the report week."""

    TRUNCATED_PHOTO = "report with a placeholder and a reason for one photo"
    """An upload broke off: a third of a JPEG, stored and described faithfully."""

    MISSING_OBJECT = "report with a placeholder and a reason for one file"
    """A file's metadata is there, the stored object is not."""

    REFUSED_ADDRESS = "job fails at email, with one dead letter"
    """The mail provider refuses the address (``refused...``) with a 400."""

    UNSUBSCRIBED = "no job"
    """Subscribes, and unsubscribes before the tick."""

    WITHDRAWN = "job ends cancelled, without a dead letter"
    """Leaves the study within the report week, after subscribing."""

    UNVERIFIED = "subscribing is refused"
    """Has never confirmed the e-mail address."""

    TWO_STUDIES = "two reports, each with its own study's records"
    """Takes part in both studies and subscribes to both."""

    BLINDED = "report without the planted treatment arm and unreleased value"
    """Records hold a treatment arm, a kind of record nobody listed, and a
    laboratory value that is not released."""

    PEOPLE_FILE_NAMES = "report without any file name"
    """The names of the files are the name of the person."""

    LONG_WORDS = "report whose pages still hold together"
    """Words and addresses far longer than a line."""

    BOUNCING_ADDRESS = "report sent; then no mail any more, and the person is told"
    """The mail provider takes the mail and cannot deliver it (``bounces...``):
    the subscription is disabled and ``User.mail_problem`` says why."""
