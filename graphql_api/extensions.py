"""What every GraphQL operation passes through: limits, caches, masked errors."""

from collections.abc import Callable, Sequence

from graphql import ASTValidationRule, GraphQLError, NoSchemaIntrospectionCustomRule
from strawberry.extensions import (
    AddValidationRules,
    MaskErrors,
    MaxTokensLimiter,
    ParserCache,
    SchemaExtension,
    ValidationCache,
    max_aliases,
    query_depth_limiter,
)
from strawberry.schema.exceptions import (
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)

from graphql_api.web.logs import request_id

MAX_ALIASES = 15
MAX_DEPTH = 8
MAX_TOKENS = 1000
CACHED_DOCUMENTS = 128

_MISTAKES = (CannotGetOperationTypeError, GraphQLError, InvalidOperationTypeError)
"""The request's own."""


class MaskedErrors(MaskErrors):
    """Hides what went wrong inside behind the id by which the log is searched."""

    def __init__(self) -> None:
        super().__init__(is_unexpected)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """Return the error with its place in the answer and nothing else."""
        return GraphQLError(
            "Something went wrong here.",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_ERROR", "reference": request_id.get()},
        )


def is_unexpected(error: GraphQLError) -> bool:
    """Tell a failure inside from a mistake in the request."""
    cause = error.original_error
    return cause is not None and not isinstance(cause, _MISTAKES)


def operation_extensions(
    *, introspection: bool
) -> Sequence[Callable[[], SchemaExtension]]:
    """Return the extensions, each as what makes it for one operation.

    The rules are made here, once. Strawberry's own limiters make a new rule
    class for each operation; the validation cache has the rules in its key and
    would then never answer (strawberry-graphql/strawberry issue 4635).

    Args:
        introspection: Whether clients may ask for the schema.
    """
    rules: list[type[ASTValidationRule]] = [
        max_aliases.create_validator(MAX_ALIASES),
        query_depth_limiter.create_validator(MAX_DEPTH, None, None),
    ]
    if not introspection:
        rules.append(NoSchemaIntrospectionCustomRule)
    return (
        MaskedErrors,
        lambda: AddValidationRules(rules),
        lambda: MaxTokensLimiter(MAX_TOKENS),
        lambda: ParserCache(CACHED_DOCUMENTS),
        lambda: ValidationCache(CACHED_DOCUMENTS),
    )
