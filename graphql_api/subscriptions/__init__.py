"""Subscriptions, as GraphQL shows and changes them."""
