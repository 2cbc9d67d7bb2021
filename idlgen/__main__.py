"""`python -m idlgen` is `idlgen`."""

from idlgen.cli import main

main()
