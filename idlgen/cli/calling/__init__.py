"""What `idlgen call` does once it runs: of the tool, only this may use the runtime."""
