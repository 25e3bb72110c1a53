"""What can go wrong while the stack starts or runs."""

from trial_reports.errors import ConfigurationError, ReportError


class StackError(ReportError):
    """A process of the stack did not come up, or died."""


__all__ = ["ConfigurationError", "StackError"]
