"""Facts between services: outbox, relay, topics, cursors, reactions, parking.

Promise: no event without its state change and no state change that others care about without its event; at least once on
the wire, exactly one effect in every store; order per aggregate; nothing lost, whatever the broker forgets.
"""
