"""Serving implementations: bytes and headers in, bytes out, and an ASGI app around it."""
