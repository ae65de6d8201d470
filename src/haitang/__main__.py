"""`python -m haitang` is the `haitang` command."""

from haitang.runtime.console import main

main()
