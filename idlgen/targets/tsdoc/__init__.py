"""TypeScript declarations and what their comments say: the docs and the client share them."""
