"""Finance: what training costs, who pays, and the invoices that follow.

A *price* is what one module costs one enterprise with a provider, from a date on. A *tranche* is the part of it that an event
makes due; the delivery tranche is due when the classroom was delivered. An *invoice* is drafted by a handler, waits on a
work list while something human is missing (a price), and is numbered without gaps when it is issued.
"""
