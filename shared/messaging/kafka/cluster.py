"""Says where the brokers are, how a client gets in, what our names are called there, and how long they are waited for."""

from __future__ import annotations

from typing import Any

from kafka.errors import KafkaError

from shared.kernel.settings.current import settings

Unreachable = KafkaError
REACH_MS = 5_000  # longest wait for a broker: a worker must be able to end in less than ten seconds


def way_in(addresses: str = "") -> dict[str, Any]:
    """Return what every client of the broker is made with: where it is, and how to log in.

    The client verifies the certificate and the name in it; a password is told to nobody else. `addresses` are others than
    the configured ones.
    """
    config = settings()
    options: dict[str, Any] = {
        "bootstrap_servers": (addresses or config.kafka).split(","),
        "security_protocol": config.kafka_security,
        "metadata_max_age_ms": config.metadata_max_age_ms,  # the client's own is five minutes
    }
    if config.kafka_security == "PLAINTEXT":
        return options
    return options | {
        "ssl_cafile": config.kafka_ca_file or None,
        "sasl_mechanism": config.kafka_mechanism,
        "sasl_plain_username": config.kafka_user,
        "sasl_plain_password": config.kafka_password,
    }


def physical(name: str) -> str:
    return settings().topic_prefix + name


def logical(name: str) -> str:
    return name.removeprefix(settings().topic_prefix)
