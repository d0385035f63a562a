"""Apache Kafka on one machine without Docker: three brokers on loopback, as a real cluster is set up."""
