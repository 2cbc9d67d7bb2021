"""The target `typescript`: a typed client for browsers and node."""
