"""The collections of MongoDB and how their rows become values."""
