"""How methods look on each protocol, as data that targets share."""
