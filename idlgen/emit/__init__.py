"""Jinja environment and escaping filters: the only place that turns views into text."""
