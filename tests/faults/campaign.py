"""One run from start to end: a platform with faults, its judgement, and the same commands on one without."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.faults.checker.effects import judge_effects
from tests.faults.checker.log import Log, Offsets
from tests.faults.checker.planted import Planted
from tests.faults.checker.portrait import differences, portray
from tests.faults.checker.store import Store
from tests.faults.checker.subscriptions import FACTS, PARTIES
from tests.faults.checker.verdict import Verdict
from tests.faults.checker.watch import OffsetWatch
from tests.faults.ground import Ground, Platform
from tests.faults.load import Clients
from tests.faults.report import Run
from tests.faults.schedule import Outcome, Scenario, Stage, play

SIZE = 12  # commands of one drive


@dataclass(slots=True)
class Scene:
    """A platform that runs, with everything that looks at it."""

    platform: Platform
    clients: Clients
    store: Store
    log: Log
    planted: Planted
    watch: OffsetWatch

    def end(self) -> None:
        self.platform.fleet.close()
        self.watch.close()


class Campaign:
    def __init__(self, ground: Ground, run: Run, deadline: float) -> None:
        self._ground, self._run, self._deadline = ground, run, deadline
        self._past: set[str] = set()

    def carry_out(self, chosen: list[Scenario], *, rounds: int, control: bool) -> None:
        scene = self._begin(f"f{self._run.seed}")
        try:
            for number in range(rounds):
                for scenario in chosen:
                    self._play(scene, scenario, f"{scenario.name} {number}" if number else scenario.name)
            self._judge(scene)
        finally:
            scene.end()
        if control:
            self._compare(scene)
        scene.store.close()

    def _begin(self, prefix: str, more: list[str] | None = None) -> Scene:
        platform = Platform(self._ground, prefix)
        try:
            platform.start()
            for service in more or []:
                if service not in platform.services:
                    platform.serve(service)
            clients = Clients(platform)
            clients.set_prices()
        except BaseException:
            platform.fleet.close()
            raise
        platform.fleet.end("finance web")
        addresses = self._ground.broker.addresses

        def running() -> list[str]:
            return [group for group in (*FACTS, *PARTIES) if group.partition(".")[0] in platform.services]

        watch = OffsetWatch(lambda: Offsets(addresses, prefix), running)
        return Scene(platform, clients, Store(self._ground.store_url, prefix), Log(addresses, prefix), Planted(), watch)

    def _stage(self, scene: Scene, name: str) -> Stage:
        return Stage(
            self._ground, scene.platform, scene.clients, scene.store, scene.log, scene.planted, scene.watch,
            seed=self._run.seed, name=name, size=SIZE, faults=self._run.faults, deadline=self._deadline, past=self._past,
        )  # fmt: skip

    def _play(self, scene: Scene, scenario: Scenario, name: str) -> None:
        if scenario.own_broker and not self._ground.broker.own:
            self._run.outcomes.append(Outcome(scenario, 0.0, Verdict(), "the cluster was given, and is not harmed"))
            return
        outcome = play(self._stage(scene, name), scenario)
        self._run.outcomes.append(outcome)
        words = "holds" if outcome.verdict.clean else "VIOLATED"
        print(f"{name:<42} {outcome.seconds:5.1f} s  {words}", file=sys.stderr, flush=True)
        for invariant, wrong in outcome.verdict.wrong.items():
            print(*(f"  {invariant}: {line}" for line in wrong[:3]), sep="\n", file=sys.stderr, flush=True)

    def _judge(self, scene: Scene) -> None:
        """What is judged of the whole history, with everything still running."""
        for words in scene.watch.moved_back:
            self._run.verdict.hold("I10", False, words)
        self._run.verdict.checked["I10"] += scene.watch.samples
        history = scene.clients.history
        self._run.verdict.add(judge_effects(scene.store, history, scene.platform.services))
        self._run.accepted = len(history.ended("ok"))
        self._run.asked = len(history.ended("invoke")) + len(history.ended("info"))
        fleet = scene.platform.fleet
        self._run.verdict.checked["I16"] += sum(fleet.killed.values())
        for words in fleet.unscheduled:
            self._run.verdict.wrong["I16"].append(f"{words}, and nobody had asked for that")

    def _compare(self, scene: Scene) -> None:
        """The same commands, in the order in which they were accepted, for a platform that nothing happens to."""
        services = scene.platform.services
        control = self._begin(f"c{self._run.seed}", services)
        try:
            for command in scene.clients.history.ended("ok"):
                control.clients.give(command)
            stage = self._stage(control, "control")
            stage.past = set()
            stage.rest()
            self._run.verdict.add(stage.verdict)
        finally:
            control.end()
        real = portray(scene.store, services, scene.planted)
        calm = portray(control.store, services, control.planted)
        self._run.verdict.checked["control"] += sum(sum(rows.values()) for rows in real.values())
        self._run.verdict.wrong["control"] += differences(real, calm)
        control.store.close()
