"""What `idlgen serve` and `idlgen mock` do once they run: with the runtime and uvicorn."""
