"""The outbox: events and parties as rows of a service's store, and their way to the topics."""
