"""What servers remember of calls that came with an idempotency key."""
