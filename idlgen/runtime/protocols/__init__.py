"""How calls look on each wire: sans-I/O, bytes in and bytes out."""
