"""One run from start to end: a platform with faults, its judgement, and the same commands on one without."""

from __future__ import annotations

import secrets
import sys

from tests.resilience.faults.checker.effects import judge_effects
from tests.resilience.faults.checker.state_snapshot import differences, portray
from tests.resilience.faults.checker.verdict import Verdict
from tests.resilience.faults.ground import Ground
from tests.resilience.faults.report import Run
from tests.resilience.faults.scene import Scene
from tests.resilience.faults.schedule import Outcome, Scenario, Stage, play

TELLING = ("notifications",)
SIZE = 8  # commands of one drive


class Campaign:
    def __init__(self, ground: Ground, run: Run, deadline: float, calm: Ground | None) -> None:
        """`calm` are the engines of the platform without faults, if there is to be one."""
        self._ground, self._run, self._deadline, self._calm = ground, run, deadline, calm
        self._past: set[str] = set()
        self._own = f"{run.seed}-{secrets.token_hex(3)}"  # a cluster may have seen this seed before

    def carry_out(self, chosen: list[Scenario], *, rounds: int) -> None:
        scene = Scene.begin(self._ground, f"f{self._own}")
        try:
            for number in range(rounds):
                for scenario in chosen:
                    self._play(scene, scenario, f"{scenario.name} {number}" if number else scenario.name)
            self._judge(scene)
            scene.end()
            if self._calm is not None:
                self._compare(scene, self._calm)
        finally:
            scene.end()
            scene.store.close()

    def _stage(self, scene: Scene, name: str, past: set[str]) -> Stage:
        return Stage(
            scene.ground, scene.platform, scene.clients, scene.store, scene.log, scene.planted, scene.watch,
            seed=self._run.seed, name=name, size=SIZE, faults=self._run.faults, deadline=self._deadline, past=past,
        )  # fmt: skip

    def _play(self, scene: Scene, scenario: Scenario, name: str) -> None:
        if scenario.own_broker and not self._ground.broker.own:
            self._run.outcomes.append(Outcome(scenario, 0.0, Verdict(), "the cluster was given, and is not harmed"))
            return
        outcome = play(self._stage(scene, name, self._past), scenario)
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

    def _compare(self, scene: Scene, calm: Ground) -> None:
        """The same commands, in the order in which they were accepted, are given to a platform that nothing happens to.

        On engines of its own, once the other has ended: two platforms at once would starve each other. Its workers come
        when all commands are given and work off the whole history at once: what they make of it must not depend on that.
        Only the one that tells nobody of what happened before it began is there from the start, as on the other platform.
        """
        spared = Scene.begin(calm, f"c{self._own}", services=TELLING)
        try:
            for command in scene.clients.history.ended("ok"):
                spared.clients.give(command)
            services = scene.platform.services
            for service in services:
                if service not in TELLING:
                    spared.platform.serve(service)
            spared.platform.fleet.await_ready()
            stage = self._stage(spared, "control", set())
            stage.rest()
            self._run.verdict.add(stage.verdict)
            real = portray(scene.store, services, scene.planted)
            calmly = portray(spared.store, services, spared.planted)
            self._run.verdict.checked["control"] += sum(sum(rows.values()) for rows in real.values())
            self._run.verdict.wrong["control"] += differences(real, calmly)
        finally:
            spared.end()
            spared.store.close()
