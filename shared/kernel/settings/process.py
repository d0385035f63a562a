"""Settings of a process as such."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow.validate import OneOf

from shared.kernel.settings.declaration import NOT_NEGATIVE, InProduction, setting


@dataclass(frozen=True)
class ProcessSettings:
    """What a process is: where and how it runs."""

    profile: str = setting(
        "SCORE_PROFILE",
        "embedded",
        "`embedded` (one machine, loopback) or `production`",
        check=OneOf(["embedded", "production"]),
        production=InProduction(lambda profile: profile == "production", "set it to `production`"),
    )
    data: str = setting("SCORE_DATA", ".data", "Folder of the embedded run: engines, keys, mails")
    bind: str = setting("SCORE_BIND", "127.0.0.1", "Address that web and metrics listen on")
    worker_slot: int = setting(
        "SCORE_WORKER_SLOT", 0, "Number of this worker among its service's workers", check=NOT_NEGATIVE
    )
    clock_offset: float = setting(
        "SCORE_CLOCK_OFFSET",
        0.0,
        "Seconds added to the clock",
        production=InProduction(lambda seconds: seconds == 0, "unset it: it is for tests"),
    )
    failpoint: str = setting(
        "SCORE_FAILPOINT",
        "",
        "Named points at which to fail (`shared/kernel/failpoints.py`)",
        production=InProduction(lambda points: not points, "unset it: it is for tests"),
    )
    log_level: str = setting(
        "SCORE_LOG_LEVEL", "INFO", "Lowest level that is logged", check=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
    )
    log_format: str = setting(
        "SCORE_LOG_FORMAT", "json", "`json` lines or `text` for people", check=OneOf(["json", "text"])
    )

    @property
    def production(self) -> bool:
        return self.profile == "production"

    @property
    def loopback(self) -> bool:
        return self.bind in ("127.0.0.1", "::1", "localhost")
