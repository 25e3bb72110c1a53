"""A stand-in for SendGrid: takes mail like it, and shows it to a person."""
