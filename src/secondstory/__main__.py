"""`python -m secondstory` is the command."""

from secondstory.cli import main

main()
