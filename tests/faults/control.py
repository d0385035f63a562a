"""The platform to which nothing happens: on engines of its own, given what the other one has accepted, while that suffers.

The other's accidents leave the machine idle again and again, so that both runs take little longer than one. At the end both
must look the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from tests.faults.history import History
from tests.faults.scene import Scene

EVERY = 0.2  # seconds between two looks at what was accepted


class Control:
    def __init__(self, begin: Callable[[], Scene], history: History) -> None:
        """`begin` starts the platform; `history` is the other one's, and grows."""
        self._begin, self._history = begin, history
        self._over = threading.Event()
        self._runner = ThreadPoolExecutor(1, thread_name_prefix="control")
        self._given: Future[Scene] = self._runner.submit(self._follow)

    def finish(self) -> Scene:
        """The platform once it has been given everything; raises what went wrong meanwhile."""
        self._over.set()
        return self._given.result()

    def close(self) -> None:
        """End it, whatever it is at."""
        self._over.set()
        self._runner.shutdown()
        if self._given.exception() is None:
            self._given.result().end()

    def _follow(self) -> Scene:
        """In the order in which the commands were accepted."""
        scene, given = self._begin(), 0
        try:
            while True:
                last = self._over.is_set()  # asked first, so that nothing is accepted behind the last look
                accepted = self._history.ended("ok")
                for command in accepted[given:]:
                    scene.clients.give(command)
                given = len(accepted)
                if last:
                    return scene
                self._over.wait(EVERY)
        except BaseException:
            scene.end()
            raise
