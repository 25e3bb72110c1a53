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
_TIMES = 100
_PACKAGES = ("strawberry-graphql", "graphql-core", "fastapi", "uvicorn", "pymongo")

_FIELDS = "id subscriptionId status createdAt completedAt error { code message }"
_JOB = f"""query Job($id: ID!) {{
  job(id: $id) {{ ... on Job {{ {_FIELDS} reportUrl }} }}
}}"""
_JOB_WITHOUT_URL = f"""query JobWithoutUrl($id: ID!) {{
  job(id: $id) {{ ... on Job {{ {_FIELDS} }} }}
}}"""
_ME = "query Me { me { id name email locale timeZone memberships { studyId role } } }"
_PAGE = f"""query Page {{
  jobs(first: 20) {{ edges {{ node {{ {_FIELDS} delivery {{ status }} }} }} }}
}}"""


def main() -> int:
    """Measure, and print a table for each number of requests at once."""
    rounds: int = _arguments().rounds
    with running_api() as api:
        for at_once in _AT_ONCE:
            with asking(api.url, api.token, at_once) as ask:
                measured = _measure(api, ask, rounds)
            print_table(f"{at_once} at once", measured)
            print_claim("GraphQL to REST, one job", measured[1].ratio, MOST)
    print_circumstances(_PACKAGES)
    return 0


def _measure(api: RunningApi, ask: Asking, rounds: int) -> list[Measured]:
    page = f"/api/subscriptions/{api.subscription_id}/jobs?limit=20"
    return compare(
        ask.rest("REST: one job", f"/api/jobs/{api.job_id}"),
        [
            ask.graphql("GraphQL: one job, the same fields", _JOB, id=api.job_id),
            ask.graphql(
                "GraphQL: one job without `reportUrl`",
                _JOB_WITHOUT_URL,
                id=api.job_id,
            ),
            ask.graphql("GraphQL: `me`", _ME),
            ask.graphql("GraphQL: `__typename` (signing in alone)", "{ __typename }"),
            ask.graphql("GraphQL: 20 jobs, each with its delivery", _PAGE),
            ask.rest("REST: 20 jobs, each with its URL", page),
        ],
        api.clock,
        rounds=rounds,
        times=_TIMES,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.single_job", description=main.__doc__
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=20,
        metavar="N",
        help=f"of {_TIMES} requests for each variant (%(default)s)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run_command(main))
