"""Jobs, as GraphQL shows them, follows them and asks for them."""
