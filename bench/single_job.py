"""``python -m bench.single_job``: what a job costs by GraphQL, compared with REST."""

import argparse
import sys

from bench.asking import Asking, asking
from bench.comparison import Measured, compare
from bench.printing import print_circumstances, print_claim, print_table
from bench.running_api import RunningApi, running_api
from local_stack.command import run_command

MOST = 2.5
"""Of the CPU of the REST route, for the same job and the same fields."""

_AT_ONCE = (1, 8)
_TIMES = 50
_FEWEST = 8
_PACKAGES = ("strawberry-graphql", "graphql-core", "fastapi", "uvicorn", "pymongo")

_FIELDS = "id subscriptionId status createdAt completedAt error { code message }"
_JOB = f"""query Job($id: ID!) {{
  job(id: $id) {{ ... on Job {{ {_FIELDS} reportUrl }} }}
}}"""
_JOB_WITHOUT_URL = f"""query JobWithoutUrl($id: ID!) {{
  job(id: $id) {{ ... on Job {{ {_FIELDS} }} }}
}}"""
_ME = "query Me { me { id name email locale timeZone memberships { studyId role } } }"
_NOTHING = "query Nothing { __typename }"


def main() -> int:
    """Measure, and print three tables for each number of requests at once."""
    rounds: int = _arguments().rounds
    with running_api() as api:
        for at_once in _AT_ONCE:
            with asking(api.url, api.token, at_once) as ask:
                completed = _completed(api, ask, rounds)
                pending = _pending(api, ask, rounds)
                pages = _pages(api, ask, rounds // 4)
            for measured in (completed, pending):
                print_table(f"{at_once} at once", measured)
                print_claim(measured[1].ratio, MOST)
            print_table(f"{at_once} at once", pages)
    print_circumstances(_PACKAGES)
    return 0


def _completed(api: RunningApi, ask: Asking, rounds: int) -> list[Measured]:
    id_ = api.job_id
    return compare(
        ask.rest("REST: a completed job", f"/api/jobs/{id_}"),
        [
            ask.graphql("GraphQL: the same job and fields", _JOB, id=id_),
            ask.graphql("GraphQL: without `reportUrl`", _JOB_WITHOUT_URL, id=id_),
            ask.graphql("GraphQL: `me`", _ME),
            ask.graphql("GraphQL: `__typename`, so signing in alone", _NOTHING),
        ],
        api.clock,
        rounds=rounds,
        times=_TIMES,
    )


def _pending(api: RunningApi, ask: Asking, rounds: int) -> list[Measured]:
    # No URL is signed, which costs both the same and so hides a difference.
    id_ = api.pending_job_id
    return compare(
        ask.rest("REST: a pending job", f"/api/jobs/{id_}"),
        [ask.graphql("GraphQL: the same job and fields", _JOB, id=id_)],
        api.clock,
        rounds=rounds,
        times=_TIMES,
    )


def _pages(api: RunningApi, ask: Asking, rounds: int) -> list[Measured]:
    path = f"/api/subscriptions/{api.subscription_id}/jobs?limit=20"
    return compare(
        ask.rest("REST: 20 jobs", path),
        [
            ask.graphql("GraphQL: the same jobs and fields", _page("reportUrl")),
            ask.graphql(
                "GraphQL: each with its delivery instead of its URL",
                _page("delivery { status }"),
            ),
        ],
        api.clock,
        rounds=rounds,
        times=_TIMES,
    )


def _page(further: str) -> str:
    fields = f"{_FIELDS} {further}"
    return f"query Page {{ jobs(first: 20) {{ edges {{ node {{ {fields} }} }} }} }}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.single_job", description=main.__doc__
    )
    parser.add_argument(
        "--rounds",
        type=_rounds,
        default=40,
        metavar="N",
        help=f"of {_TIMES} requests for each variant (%(default)s)",
    )
    return parser.parse_args()


def _rounds(text: str) -> int:
    # Pages, which cost most, have a quarter, and quartiles need two at least.
    if not text.isdecimal() or int(text) < _FEWEST:
        raise argparse.ArgumentTypeError(f"give {_FEWEST} or more, not {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(run_command(main))
