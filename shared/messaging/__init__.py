"""Events between services: outbox, relay, topics, cursors, consumer groups, parking.

Promise: no event without its state change and no state change that others care about without its event; at least once on
the wire, exactly one effect in every store; order per aggregate; nothing lost, whatever the broker forgets.

The modules of this folder declare, and do no I/O. `kafka` alone imports the broker's client; `outbox` sends, `inbox`
receives, `projections` are built anew, `wakeups` save time only, `operations` is what operators may do.
"""
