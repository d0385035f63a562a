"""Serves the page of the people who run the platform, the same for every service: `/operations`.

It shows what waits to be sent, what could not be applied, how far each group has read, and one story's events; the programme's
staff may send events again, try a parked record again, or give it up. All of it is done by
`shared.messaging.operations.commands`, as by the command line. Whoever acts is noted in the access log before anything is
done. A form here has no transaction of its own: each tool opens the ones it needs, and doing the same twice does no harm.
"""
