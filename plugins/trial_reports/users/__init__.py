"""People and their memberships."""
