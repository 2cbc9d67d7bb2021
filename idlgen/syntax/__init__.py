"""What was written, with its places: YAML trees, type expressions and Documents."""
