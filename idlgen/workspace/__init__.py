"""Configuration, reading, stamps, drift and writing: the only place that touches the disk."""
