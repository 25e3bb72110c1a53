"""One storm: a week begins, blows fall, the system recovers, and is checked."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from local_stack.demo.prepare import Installation
from tests.chaos.check import violations
from tests.chaos.check_events import News, event_violations
from tests.chaos.clock import Clock
from tests.chaos.decisions import decide
from tests.chaos.keeper import Keeper
from tests.chaos.letters import read_letters
from tests.chaos.person import Person
from tests.chaos.plan import Plan, Strike
from tests.chaos.recovery import Recovery
from tests.chaos.reset import reset
from tests.chaos.result import Blow, StormResult, codes_of, statuses_of
from tests.chaos.settings import DISPATCH_SECONDS
from tests.chaos.strikes import Arena, Missed
from tests.chaos.study import OwedWeek, load_week
from tests.chaos.witness import Witness
from trial_reports.periods.owed import last_tick
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS


@dataclass(frozen=True)
class Storms:
    """Carries storms out on one running stack, one after the other.

    Attributes:
        installation: The product, provisioned.
        person: Uses Airflow's page.
        version: Of the code.
        patience: How many seconds the system may take to be well again.
        tell: Is told what happens.
    """

    installation: Installation
    person: Person
    version: str
    patience: float
    tell: Callable[[str], None]

    def run(self, plan: Plan) -> StormResult:
        """Carry out a storm, and check what is left."""
        began = time.monotonic()
        reset(self.installation, self.person, plan.max_mapped_tasks)
        week = self._begin(plan)
        recovery = Recovery(
            self.installation.database,
            self.installation.stack.services.mailbox,
            self.person,
            owed=len(week.subscriptions),
            patience=self.patience,
        )
        services = self.installation.stack.services
        groups = (services.processes, self.installation.stack.processes)
        with (
            Keeper(groups) as keeper,
            Clock(self.person, DISPATCH_SECONDS),
            Witness(self.installation.database) as witness,
        ):
            arena = Arena(services, keeper, self.person, self._is_mailing)
            blows = self._strike(arena, plan)
            arena.calm_down()
            seconds = recovery.wait()
            unknown = decide(self.installation, recovery.jobs())
            if unknown:
                recovery.wait()
        jobs = recovery.jobs()
        mails = services.mailbox.messages()
        letters = read_letters(self.installation.queues)
        different = len({letter.id for letter in letters})
        return StormResult(
            version=self.version,
            seed=plan.seed,
            subscriptions=plan.subscriptions,
            seconds=plan.seconds,
            max_mapped_tasks=plan.max_mapped_tasks,
            blows=blows,
            statuses=statuses_of(jobs),
            codes=codes_of(jobs),
            unknown=unknown,
            mails=len(mails),
            letters=different,
            redeliveries=len(letters) - different,
            releases=sum(job.releases for job in jobs),
            runs=len(self.person.dag_runs(WEEKLY_REPORTS)),
            restarts=keeper.restarts,
            recovery_seconds=seconds,
            storm_seconds=round(time.monotonic() - began, 1),
            violations=[
                *violations(week.subscriptions, jobs, mails, letters),
                *event_violations(mails, News.of(self.installation.database)),
                *witness.went_back,
            ],
        )

    def _begin(self, plan: Plan) -> OwedWeek:
        now = datetime.now(UTC)
        tick = last_tick(now, self.installation.settings.schedule)
        database = self.installation.database
        week = load_week(database, plan.seed, plan.subscriptions, tick)
        for dag in (WEEKLY_REPORTS, DISPATCH_REPORTS):
            self.person.unpause(dag)
        conf = {"as_of": tick.isoformat(), "reason": "chaos"}
        self.person.trigger_dag(WEEKLY_REPORTS, conf)
        return week

    def _is_mailing(self) -> bool:
        return self.installation.database["deliveries"].find_one() is not None

    def _strike(self, arena: Arena, plan: Plan) -> list[Blow]:
        began = time.monotonic()
        with ThreadPoolExecutor(len(plan.strikes)) as pool:
            falling = [
                pool.submit(self._blow, arena, strike, began) for strike in plan.strikes
            ]
        return [blow.result() for blow in falling]

    def _blow(self, arena: Arena, strike: Strike, began: float) -> Blow:
        time.sleep(max(0.0, began + strike.at - time.monotonic()))
        at = round(time.monotonic() - began, 1)
        try:
            hit = arena.strike(strike)
        except Missed:
            hit = "missed: nothing to hit"
        except httpx.HTTPError as error:
            hit = f"missed: {error}".partition("\n")[0]
        self.tell(f"{at:6.1f} s  {strike.kind:28} {strike.seconds:4.1f} s  {hit}")
        return Blow(at=at, kind=strike.kind, seconds=strike.seconds, hit=hit)
