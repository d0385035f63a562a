"""What happens when a process hangs or dies, the runner included."""

from __future__ import annotations

import contextlib
import itertools
import os
import pty
import signal
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.platform.health import fetch
from deploy.platform.run_file import read_run
from tests.resilience.stack.runner import Runner
from tests.support.waiting import until

pytestmark = pytest.mark.stack
Start = Callable[..., Runner]
QUICK = {"SCORE_PING_SECONDS": "0.2", "SCORE_PING_TIMEOUT_SECONDS": "0.7", "SCORE_PING_MISSES": "3"}


def running(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if is_alive(one)]


def is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):  # it may end between two questions
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def parent_watch_of(runner: Runner) -> psutil.Process:
    return next(one for one in runner.family() if any(word.endswith("parent_watch.py") for word in one.cmdline()))


def test_a_store_that_hangs_is_replaced_with_its_data(start: Start) -> None:
    runner = start(**QUICK)
    runner.says("SCORE is running")
    address = f"mongodb://127.0.0.1:{27117 + runner.offset}"
    client: MongoClient[dict[str, Any]] = MongoClient(address, socketTimeoutMS=2000)
    client.kept.rows.insert_one({"_id": 1})

    hung = runner.child("--sync-on-commit")
    hung.send_signal(signal.SIGSTOP)
    runner.says("the store hangs: killing pid")
    runner.says("store is back after")
    assert not hung.is_running()
    assert runner.child("--sync-on-commit").pid != hung.pid
    assert client.kept.rows.find_one({"_id": 1}) == {"_id": 1}
    client.close()
    assert runner.end() == 0


def test_a_store_that_answers_pings_and_does_not_work_is_replaced_with_its_data(start: Start) -> None:
    """As one does whose disk was full: it has panicked, and space helps it no more."""
    runner = start(**QUICK)
    runner.says("SCORE is running")
    client: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://127.0.0.1:{27117 + runner.offset}", timeoutMS=2000)
    client.kept.rows.insert_one({"_id": 1})

    broken = runner.child("--sync-on-commit")
    broken.rlimit(psutil.RLIMIT_FSIZE, (0, 0))
    with pytest.raises(PyMongoError):
        client.kept.rows.insert_one({"_id": 2})
    assert client.admin.command("ping")["ok"] == 1
    runner.says("the store hangs: killing pid")
    runner.says("store is back after")
    assert client.kept.rows.find_one({"_id": 1}) == {"_id": 1}
    client.close()
    assert runner.end() == 0


def test_a_store_without_space_waits_for_it_and_the_stack_waits_too(start: Start) -> None:
    runner = start(SCORE_STORE_FREE_MIB=str(10**9), SCORE_RESTART_FIRST_SECONDS="0.05", **QUICK)
    runner.says("SCORE is running")
    runner.child("--sync-on-commit").kill()
    runner.says("MiB of the disk are free, 1000000000 are needed")
    assert runner.end() == 0


@pytest.mark.parametrize("words", [("services.finance", "web"), ("services.finance", "worker"), ("--only", "kafka")])
def test_what_is_stopped_is_replaced(start: Start, words: tuple[str, str]) -> None:
    runner = start(SCORE_LIVE_SECONDS="1", SCORE_PING_SECONDS="0.2")
    runner.says("SCORE is running")
    stopped = runner.child(*words)
    stopped.send_signal(signal.SIGSTOP)
    runner.says(f"killing pid {stopped.pid}, it is started again")
    runner.says("is back after")
    assert not is_alive(stopped)
    assert runner.end() == 0


def test_topics_are_made_again_when_the_broker_is_back(start: Start) -> None:
    runner = start(SCORE_RESTART_FIRST_SECONDS="0.05")
    runner.says("SCORE is running")
    runner.child("--only", "kafka").kill()
    runner.says("broker is back after")
    runner.says("made topics")
    runner.says("topics ended with exit code 0")
    assert runner.output.count("made everything") == 1
    assert runner.end() == 0


def test_deaths_of_the_mail_sink_do_not_end_the_stack(start: Start) -> None:
    runner = start(SCORE_RESTART_FIRST_SECONDS="0.05", SCORE_RESTART_MAX_SECONDS="0.05")
    runner.says("SCORE is running")
    for death in range(1, 8):
        runner.child("deploy.mailbox.sink").kill()
        until(lambda death=death: runner.output.count("mail is back after") == death, f"back from death {death}")
    assert runner.end() == 0


def test_nothing_outlives_a_runner_killed_with_minus_nine(start: Start) -> None:
    runner = start()
    runner.says("SCORE is running")
    family = runner.family()
    assert (
        len(family) == 1 + 3 + 3 + 3 * 2
    )  # parent watch; store, broker, mail; workers; web with one forked worker each
    runner.process.kill()
    runner.process.wait()
    until(lambda: not running(family), f"all of {family} have ended", 30)

    again = start(offset=runner.offset)
    again.says("SCORE is running")
    assert again.end() == 0


def test_the_next_runner_ends_what_a_killed_runner_and_its_parent_watch_left(start: Start) -> None:
    runner = start()
    runner.says("SCORE is running")
    parent_watch = parent_watch_of(runner)
    family = [one for one in runner.family() if one != parent_watch]
    runner.process.send_signal(signal.SIGSTOP)  # it would start another one
    parent_watch.kill()
    until(lambda: not is_alive(parent_watch), "the parent watch is dead")
    runner.process.kill()
    runner.process.wait()
    assert running(family) == family

    again = start(offset=runner.offset)
    again.says("SCORE is running")
    assert f"ended {3 + 3 + 3} processes that a killed runner had left" in again.output
    assert not running(family)
    assert again.end() == 0
    assert not list((runner.data / "processes").iterdir())


def test_a_hanging_process_does_not_outlive_the_runner_either(start: Start) -> None:
    runner = start()
    runner.says("SCORE is running")
    family = runner.family()
    for process in (runner.child("services.enrollment", "web"), runner.child("--sync-on-commit")):
        process.send_signal(signal.SIGSTOP)
    runner.process.kill()
    runner.process.wait()
    until(lambda: not running(family), f"all of {family} have ended", 40)


def test_a_parent_watch_that_dies_is_replaced_and_still_guards(start: Start) -> None:
    runner = start()
    runner.says("SCORE is running")
    parent_watch_of(runner).kill()
    runner.says("there is a new one")
    family = runner.family()
    runner.process.kill()
    runner.process.wait()
    until(lambda: not running(family), f"all of {family} have ended", 30)


@pytest.mark.filterwarnings("ignore:(open|read)_text is deprecated:DeprecationWarning")
def test_a_dead_worker_is_evicted_and_started_again(start: Start) -> None:
    from kafka.admin import KafkaAdminClient  # its import warns on Python 3.11 and 3.12

    runner = start(FAKE_GROUP="1")
    runner.says("finance worker       | assigned [0, 1]")
    dead = runner.child("services.finance", "worker")
    dead.kill()
    runner.says(f"finance worker (pid {dead.pid}) was ended by SIGKILL; it is started again")
    runner.says("evicted the dead finance worker from finance.group")
    runner.says("finance worker is back after")
    assigned = "finance worker       | assigned [0, 1]"
    until(lambda: runner.output.count(assigned) == 2, "the replacement has the partitions")

    admin = KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{19092 + runner.offset}")
    members = admin.describe_groups(["finance.group"])["finance.group"]["members"]
    admin.close()
    assert [one["client_id"] for one in members] == [f"finance-worker-{runner.child('services.finance', 'worker').pid}"]
    assert runner.end() == 0


@pytest.mark.parametrize("kind", ["worker", "web", "forked by web"])
def test_what_a_dead_process_left_open_in_the_store_locks_nobody_out(start: Start, kind: str) -> None:
    runner = start()
    runner.says("SCORE is running")
    address = f"mongodb://127.0.0.1:{27117 + runner.offset}"
    with MongoClient(address) as dead, MongoClient(address, timeoutMS=30_000) as living:
        living.kept.rows.insert_one({"_id": 1})
        session = dead.start_session()
        session.start_transaction()
        dead.kept.rows.update_one({"_id": 1}, {"$set": {"by": "the dead"}}, session=session)
        process, of = runner.child("services.finance", kind.rsplit(maxsplit=1)[-1]), kind.rsplit(maxsplit=1)[-1]
        (process.children()[0] if kind.startswith("forked") else process).kill()
        runner.says(f"what finance {of} left open in the store is rolled back")
        # by itself the store would give the row free after a minute
        living.kept.rows.update_one({"_id": 1}, {"$set": {"by": "the living"}})
        assert living.kept.rows.find_one({"_id": 1}) == {"_id": 1, "by": "the living"}
        session.end_session()
    assert runner.end() == 0


def test_what_a_dead_web_leaves_in_its_group_is_ended(start: Start) -> None:
    runner = start()
    runner.says("SCORE is running")
    web = runner.child("services.finance", "web")
    (forked,) = web.children()
    os.kill(web.pid, signal.SIGKILL)
    runner.says("finance web is back after")
    assert not running([forked])
    assert runner.end() == 0


def test_a_process_that_dies_again_and_again_ends_the_stack(start: Start) -> None:
    runner = start(FAKE_DIES="finance", SCORE_RESTART_MAX_SECONDS="0.5")
    assert runner.process.wait(60) == 1
    runner.says("the invented reason")
    runner.says("finance worker ended with exit code 1, the 5th time within 60 s: giving up")
    runner.says("everything has stopped")
    assert not (runner.data / "stack.json").exists()


TALKS = 40


def talk(runner: Runner) -> int:
    """Let a service print far more than a pipe holds; how often it answered before it fell silent."""
    answers = (fetch(8104 + runner.offset, "/talk", timeout=10)[0] for _ in range(TALKS))
    return len(list(itertools.takewhile(lambda status: status == 200, answers)))


def test_a_runner_that_stands_still_blocks_nobody(start: Start) -> None:
    """As Ctrl-Z leaves it: its services work on, and what they said is shown when it goes on."""
    runner = start()
    runner.says("SCORE is running")
    runner.process.send_signal(signal.SIGSTOP)
    assert talk(runner) == TALKS
    assert runner.output.count("x" * 10_000) == 0
    runner.process.send_signal(signal.SIGCONT)
    until(lambda: runner.output.count("x" * 10_000) == TALKS, "all of it is shown")
    assert runner.end() == 0


def test_a_paused_terminal_blocks_neither_services_nor_their_keeper(start: Start) -> None:
    leader, follower = pty.openpty()
    runner = start(terminal=follower)
    os.close(follower)
    until(lambda: read_run(runner.data).get("state") == "ready", "it is ready")
    assert talk(runner) == TALKS  # nobody reads the terminal
    dead = runner.child("services.finance", "worker")
    dead.kill()
    until(lambda: fetch(9104 + runner.offset, "/health/ready")[0] == 200 and not is_alive(dead), "it has a successor")
    assert runner.end() == 0
    os.close(leader)
