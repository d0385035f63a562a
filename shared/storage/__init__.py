"""The store of one service: connection, transactions, what they write last, indexes, migrations, leases, row scope."""
