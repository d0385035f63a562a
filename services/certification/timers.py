"""What certification does by the clock."""

from services.certification import commands
from services.certification.settings import certification_settings
from shared.runtime.timer import Timer

TIMERS = (Timer("expire_certificates", certification_settings().expiry_seconds, commands.expire_certificates),)
