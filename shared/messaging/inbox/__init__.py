"""What a consumer group hears: decoded, delivered once, or parked."""
