"""State machines as data: every allowed step is written down, anything else is `NotAllowedNow` naming the missing step."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.errors import NotAllowedNow


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A state machine: `steps` maps a verb to the states it may start from and the state it leads to."""

    start: str
    steps: dict[str, tuple[frozenset[str], str]]

    @property
    def states(self) -> tuple[str, ...]:
        states = [self.start]
        for sources, target in self.steps.values():
            states += [state for state in (*sorted(sources), target) if state not in states]
        return tuple(states)

    def after(self, state: str, verb: str) -> str:
        sources, target = self.steps[verb]
        if state not in sources:
            raise NotAllowedNow(verb=verb, state=state, allowed_from=tuple(sorted(sources)))
        return target

    def skipped(self, state: str, verb: str) -> tuple[str, ...]:
        """Return the fewest steps that would have to come before this one; none where it may be taken or no way leads to it."""
        sources = self.steps[verb][0]
        ways: list[tuple[str, tuple[str, ...]]] = [(state, ())]
        for at, verbs in ways:  # grows while it is walked: the nearest states first
            if at in sources:
                return verbs
            reached = {place for place, _ in ways}
            for name, (starts, target) in self.steps.items():
                if at in starts and target not in reached:
                    ways.append((target, (*verbs, name)))
                    reached.add(target)
        return ()

    def mermaid(self) -> str:
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for verb, (sources, target) in self.steps.items():
            lines += [f"    {source} --> {target}: {verb}" for source in sorted(sources)]
        return "\n".join(lines)


def allow(*sources: str, to: str) -> tuple[frozenset[str], str]:
    return frozenset(sources), to
