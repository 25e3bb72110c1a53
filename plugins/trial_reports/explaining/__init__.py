"""Explaining why a report did or did not come."""
