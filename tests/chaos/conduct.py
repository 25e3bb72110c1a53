"""Storm after storm: those that are still missing in the results file."""

from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console

from tests.chaos.plan import Plan
from tests.chaos.result import StormResult, add_result, read_results
from tests.chaos.table import rich_table, total


def conduct(
    plans: Iterable[Plan],
    run: Callable[[Plan], StormResult],
    version: str,
    results: Path,
    console: Console,
) -> int:
    """Run the storms that the results file lacks, and show all of them.

    Args:
        plans: The storms, in their order.
        run: Carries one out.
        version: Of the code; storms of another version are run again.
        results: The results file; each storm is added to it when it has ended.
        console: Is told what happens.

    Returns:
        The exit status: 1 if any promise was broken in any of the storms.
    """
    shown = []
    for plan in plans:
        kept = (r for r in read_results(results) if r.answers(plan, version))
        result = next(kept, None)
        if result is not None:
            console.print(f"Storm {plan.seed} is in {results} already")
        else:
            _announce(plan, console)
            result = run(plan)
            add_result(results, result)
            _tell(result, console)
        shown.append(result)
    console.print(rich_table(shown))
    console.print(total(shown))
    return 1 if any(result.violations for result in shown) else 0


def _announce(plan: Plan, console: Console) -> None:
    console.rule(f"Storm {plan.seed}")
    console.print(
        f"{plan.subscriptions} subscriptions in at most {plan.max_mapped_tasks} batches"
    )
    for strike in plan.strikes:
        console.print(f"  planned at {strike}", highlight=False)


def _tell(result: StormResult, console: Console) -> None:
    console.print(
        f"{result.statuses} {result.codes} {result.mails} mails, "
        f"{result.unknown} decided, "
        f"{result.runs} runs, {result.releases} releases, {result.restarts} restarts; "
        f"well again after {result.recovery_seconds} s, "
        f"{result.storm_seconds} s in all",
        highlight=False,
    )
    for violation in result.violations:
        console.print(f"[bold red]BROKEN[/] {violation}", highlight=False)
