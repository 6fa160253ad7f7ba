"""`python -m bot` is the same command line as `vykup`."""

from bot.cli import main

main()
