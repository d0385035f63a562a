"""Settings of tokens, links and limits."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import GATE, POSITIVE, setting


@dataclass(frozen=True)
class AccessSettings:
    """Tokens, links and limits."""

    jwks_url: str = setting("SCORE_JWKS_URL", "", "Keys that sign tokens: an http(s) or file address")
    token_issuers: tuple[str, ...] = setting(
        "SCORE_TOKEN_ISSUERS", ("score-embedded",), "Accepted `iss` of tokens, comma separated"
    )
    link_keys_url: str = setting(
        "SCORE_LINK_KEYS_URL", "", "Keys that sign links, as `SCORE_JWKS_URL`; default is the address of notifications"
    )
    signing_key: str = setting(
        "SCORE_SIGNING_KEY", "", "Private key of the embedded run's own tokens (path); loopback only"
    )
    people_file: str = setting(
        "SCORE_PEOPLE_FILE", "", "Sample people that the sign-in page offers (path); loopback only"
    )
    suspension_seconds: float = setting(
        "SCORE_SUSPENSION_SECONDS",
        5.0,
        "How long a web process trusts its list of suspended institutions",
        check=POSITIVE,
    )
    trainer_gate: str = setting(
        "SCORE_GATE_TRAINER",
        "on",
        "A plan names only trainers of its provider, of no institution, or authorised to stand with one of them",
        check=GATE,
    )
    rate_limit: str = setting("SCORE_RATE_LIMIT", "3000 per minute", "Requests of one institution to one service")
    rate_limit_storage: str = setting(
        "SCORE_RATE_LIMIT_STORAGE",
        "memory://",
        "Where the rate limiter counts; shared storage when a service has several processes",
    )
