"""Settings of tokens, links and limits."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import GATE, POSITIVE, InProduction, setting

EMBEDDED_ISSUER = "score-embedded"


@dataclass(frozen=True)
class AccessSettings:
    """Tokens, links and limits."""

    jwks_url: str = setting(
        "SCORE_JWKS_URL",
        "",
        "Keys that sign tokens: an http(s) or file address",
        production=InProduction(
            lambda url: url.startswith(("https://", "file:")), "the https address of your identity provider's keys"
        ),
    )
    token_issuers: tuple[str, ...] = setting(
        "SCORE_TOKEN_ISSUERS",
        (EMBEDDED_ISSUER,),
        "Accepted `iss` of tokens, comma separated",
        production=InProduction(
            lambda issuers: bool(issuers) and EMBEDDED_ISSUER not in issuers,
            f"the `iss` of your identity provider's tokens, and no `{EMBEDDED_ISSUER}`",
        ),
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
