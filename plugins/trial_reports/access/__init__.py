"""Who may reach which rows."""
