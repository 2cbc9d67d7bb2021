"""What msgspec does not see in a value, and all that is wrong with a refused one."""
