"""Studies and what their participants may see."""
