"""Participants' records and files."""
