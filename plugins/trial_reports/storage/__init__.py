"""Objects by URI."""
