"""Strategies: what is asked, from the two contracts and from none."""

import json
import re
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema

_ARGUMENT = re.compile(r'\b(\w+): ("(?:[^"\\]|\\.)*"|-?\d+)')

Known = dict[str, list[str]]


def operations(schema: BaseSchema, known: Known) -> st.SearchStrategy[Case[Any]]:
    """Return operations of a contract, most of them about things that there are.

    Args:
        schema: GraphQL or OpenAPI.
        known: Values that mean something, by the name of what takes them.
    """
    return st.builds(
        _about_known_things,
        schema.as_strategy() | schema.as_strategy(GenerationMode.NEGATIVE),
        st.just(known),
        st.randoms(use_true_random=False),
    )


def _about_known_things(case: Case[Any], known: Known, random: Any) -> Case[Any]:  # noqa: ANN401 - Hypothesis's own random
    def put(found: re.Match[str]) -> str:
        name = found[1]
        if name not in known or random.random() < 0.2:
            return found[0]
        return f'{name}: "{random.choice(known[name])}"'

    if random.random() < 0.3:
        return case
    if isinstance(case.body, str):
        case.body = _ARGUMENT.sub(put, case.body)
    elif isinstance(case.body, dict):
        for name in case.body.keys() & known.keys():
            case.body[name] = random.choice(known[name])
    for place in (case.path_parameters, case.query):
        for name in place or {}:
            camel = re.sub(r"_(.)", lambda it: it[1].upper(), name)
            if camel in known:
                place[name] = random.choice(known[camel])
    return case


_ODD_TEXT = st.text(max_size=30) | st.sampled_from(
    [
        "\x00",
        "job_\x00",
        "\ud800",
        "job_\udfff",
        "$ne",
        "../../etc",
        "' or 1=1",
        "é" * 99,
    ]
)
_ODD_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, -(2**63), 10**40, 1e308, float("nan")])
    | st.floats()
    | _ODD_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_ODD_TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)
_DOCUMENTS = st.sampled_from(
    [
        "{ me { id } }",
        "query Q($x: ID!) { job(id: $x) { __typename } node(id: $x) { id } }",
        "query Q($x: String) { jobs(after: $x, first: 5) { edges { cursor } } }",
        "query Q($n: Int) { jobs(first: $n) { edges { cursor } } }",
        "query Q($x: JobsFilter) { jobs(filter: $x) { edges { node { id } } } }",
        "query Q($x: ID!) { explainDelivery(subscriptionId: $x) { __typename } }",
        (
            "mutation M($x: UpdateSubscriptionInput!) { "
            "updateSubscription(input: $x) { "
            "... on ValidationError { fields { path message } } } }"
        ),
        (
            "mutation M($x: RedriveDeadLettersInput!) { "
            "redriveDeadLetters(input: $x) { ... on Error { message } } }"
        ),
        "query A { me { id } } query B { me { name } }",
        "fragment F on User { ...F } query Q { me { ...F } }",
        "query Q($x: Boolean!) { me { id @include(if: $x) @skip(if: $x) } }",
        "{ __schema { types { fields { type { fields { type { name } } } } } } }",
        'subscription { jobStatus(jobId: "x") { __typename } }',
        '{ job(id: """\n block \\""" """) { __typename } }',
        "{ jobs(first: 99999999999999999999) { edges { cursor } } }",
    ]
) | st.builds(
    lambda part, times: "{" + part * times,
    st.sampled_from(["a{", "me{", "job(id:[", "...on Query{", 'x:a(b:"', "@a ", "{"]),
    st.integers(1, 999),
)
_BODIES = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda it, n: it * n, st.sampled_from([b"[", b'{"a":']), st.integers(1, 9999)
    ),
    st.builds(lambda it: json.dumps(it).encode(), _ODD_VALUES),
    st.builds(
        lambda query, **rest: json.dumps({"query": query, **rest}).encode(),
        query=_DOCUMENTS | _ODD_TEXT,
        variables=st.dictionaries(st.sampled_from("xn"), _ODD_VALUES) | _ODD_VALUES,
        operationName=st.none() | st.sampled_from("QMA") | _ODD_VALUES,
        extensions=st.none() | _ODD_VALUES,
    ),
)
_HEADER_TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc"]),
    max_size=30,
)
_BEARER = st.builds("Bearer {}".format, _HEADER_TEXT).map(str.strip)
_HEADERS = st.fixed_dictionaries(
    {"Content-Type": st.just("application/json") | _HEADER_TEXT},
    optional={
        "Accept": st.sampled_from(
            ["application/graphql-response+json", "text/html", "*/*;q=0.1"]
        )
        | _HEADER_TEXT,
        "Authorization": _BEARER | _HEADER_TEXT,
        "If-Match": _HEADER_TEXT,
        "Origin": _HEADER_TEXT,
        "X-Request-Id": _HEADER_TEXT,
    },
)
_PATHS = st.sampled_from(["/graphql"] * 9) | st.builds(
    lambda folder, name: folder + "".join(f"%{byte:02X}" for byte in name),
    st.sampled_from(["/", "/api/subscriptions/", "/api/jobs/", "/r/", "/u/"]),
    st.binary(max_size=12),
)

odd_requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST"] * 8 + ["GET", "PUT", "PATCH", "DELETE"]),
        "path": _PATHS,
        "headers": _HEADERS,
        "content": _BODIES,
    }
)
"""Requests that follow no contract."""
