"""An Airflow in production must not be open to everybody."""

from airflow.sdk.configuration import conf

from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings


def require_sign_in(settings: Settings) -> None:
    """Refuse an Airflow in production that asks nobody to sign in.

    Args:
        settings: Say whether this is production.

    Raises:
        ConfigurationError: Whoever finds Airflow may do everything in it.
    """
    if settings.environment != "production":
        return
    if conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False):
        raise ConfigurationError(
            "airflow_open",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS makes everybody an "
            "administrator of Airflow; please remove it.",
        )
