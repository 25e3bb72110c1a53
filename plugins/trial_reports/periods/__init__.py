"""Reporting periods: local ISO weeks."""
