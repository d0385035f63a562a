"""What notifications does by the clock."""

from services.notifications import commands, outgoing
from services.notifications.settings import notification_settings
from shared.runtime.timer import Timer

TIMERS = (
    Timer("send_letters", notification_settings().sending_seconds, outgoing.send_due),
    Timer("address_forgotten", notification_settings().forgotten_seconds, commands.address_forgotten),
)
