"""Planning, the four stages, closing and dispatching."""
