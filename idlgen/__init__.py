"""idlgen: typed Python clients, servers and docs from one YAML interface definition."""
