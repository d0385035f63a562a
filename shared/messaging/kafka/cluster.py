"""Says where the brokers are, what our names are called there, and how long they are waited for."""

from __future__ import annotations

from kafka.errors import KafkaError

from shared.kernel.settings.current import settings

Unreachable = KafkaError
REACH_MS = 5_000  # longest wait for a broker: a worker must be able to end in less than ten seconds


def addresses() -> list[str]:
    return settings().kafka.split(",")


def physical(name: str) -> str:
    return settings().topic_prefix + name


def logical(name: str) -> str:
    return name.removeprefix(settings().topic_prefix)
