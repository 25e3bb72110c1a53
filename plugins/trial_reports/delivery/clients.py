"""The mailer that the settings ask for.

Apart from `trial_reports.clients`, since the API has no SendGrid.
"""

from sendgrid import SendGridAPIClient

from trial_reports.delivery.file_mailer import FileMailer
from trial_reports.delivery.mailer import Mailer
from trial_reports.delivery.sendgrid_mailer import SendGridMailer
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings


def mailer(settings: Settings) -> Mailer:
    """Return the process's mailer; safe to share between threads.

    Raises:
        ConfigurationError: The provider's key is missing or malformed.
    """
    mail = settings.mail
    if mail.mailer == "files":
        return FileMailer(mail.outbox)
    key = mail.api_key.get_secret_value()
    # A line end from a secret file would come back quoted in an error message.
    if not key.isascii() or not key.isprintable() or not key.strip() or " " in key:
        raise ConfigurationError("mail_key", "mail.api_key is missing or malformed.")
    return SendGridMailer(SendGridAPIClient(key, mail.host), mail.timeout_seconds)
