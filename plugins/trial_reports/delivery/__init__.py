"""Mails, the send ledger and the links."""
