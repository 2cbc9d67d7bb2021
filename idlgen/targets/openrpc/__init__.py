"""The target `openrpc`: services as OpenRPC, types as JSON Schema."""
