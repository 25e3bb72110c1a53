"""Who is asking: a bearer token (RFC 6750) that names a user of ours.

The token says only who somebody is. What they may do is read from the
database with every request, never from a claim.
"""

from graphql_api.identity.development import DevelopmentTokens, token_check
from graphql_api.identity.sign_in import Entrance, SignIn, signed_in_user

__all__ = ["DevelopmentTokens", "Entrance", "SignIn", "signed_in_user", "token_check"]
