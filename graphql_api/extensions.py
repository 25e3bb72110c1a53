"""What every GraphQL operation passes through: limits, caches, masked errors."""

from collections.abc import Callable, Iterator, Sequence

from graphql import (
    ASTValidationRule,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
)
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


class NamedOperation(SchemaExtension):
    """Refuses to guess which of several operations is meant (GraphQL, section 6.1)."""

    def on_validate(self) -> Iterator[None]:
        """Look at a document that is valid otherwise."""
        context = self.execution_context
        document = context.graphql_document
        operations = [
            it
            for it in (document.definitions if document else ())
            if isinstance(it, OperationDefinitionNode)
        ]
        is_named = context._provided_operation_name is not None  # noqa: SLF001 - the public name is guessed
        if len(operations) > 1 and not is_named and not context.pre_execution_errors:
            message = "Please say by operationName which operation is meant."
            context.pre_execution_errors = [GraphQLError(message)]
        yield


class MaskedErrors(MaskErrors):
    """Hides what went wrong inside behind the id by which the log is searched."""

    def __init__(self) -> None:
        super().__init__(lambda it: is_unexpected(it) or _is_nested_too_deeply(it))

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """Return the error with its place in the answer and nothing else."""
        if _is_nested_too_deeply(error):
            return GraphQLError("The document is nested too deeply.")
        return GraphQLError(
            "Something went wrong here.",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_ERROR", "reference": request_id.get()},
        )


def is_unexpected(error: GraphQLError) -> bool:
    """Tell a failure inside from a mistake in the request."""
    cause = error.original_error
    if cause is None or _is_nested_too_deeply(error):
        return False
    return not isinstance(cause, _MISTAKES)


def _is_nested_too_deeply(error: GraphQLError) -> bool:
    # Parsing and validation recurse, before the limit of depth can be looked at.
    return isinstance(error.original_error, RecursionError) and not error.path


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
        NamedOperation,  # after the cache, whose answer holds for any name
    )
