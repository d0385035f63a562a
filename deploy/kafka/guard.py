"""The listener of a cluster that lets nobody in unknown: TLS, a login, and what is not granted is refused.

Brokers and controllers know each other by certificate, the administrator by a password that stands in the nodes' own files;
everybody else has a SCRAM login, which the administrator makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ADMINISTRATOR: Final = "admin"
NODE: Final = "broker"  # the name in the nodes' certificate


@dataclass(frozen=True, slots=True)
class Guard:
    """`proof` holds private key and certificate of the nodes (for `CN=broker`), `authority` what vouches for it: PEM files."""

    proof: Path
    authority: Path
    password: str = field(repr=False)

    def login(self) -> dict[str, Any]:
        """Return the options by which a client is the administrator."""
        return {
            "security_protocol": "SASL_SSL",
            "ssl_cafile": str(self.authority),
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": ADMINISTRATOR,
            "sasl_plain_password": self.password,
        }

    def properties(self) -> str:
        plain = "org.apache.kafka.common.security.plain.PlainLoginModule"
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule"
        known = f'username="{ADMINISTRATOR}" password="{self.password}" user_{ADMINISTRATOR}="{self.password}"'
        return f"""\
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:SSL
inter.broker.listener.name=SASL_SSL
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config={plain} required {known};
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={scram} required;
ssl.keystore.type=PEM
ssl.keystore.location={self.proof}
ssl.truststore.type=PEM
ssl.truststore.location={self.authority}
listener.name.controller.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:{ADMINISTRATOR};User:CN={NODE}
"""
