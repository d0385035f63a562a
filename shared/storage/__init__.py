"""The store of one service: connection, transactions, aggregates, indexes, migrations."""
