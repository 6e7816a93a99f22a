"""The `secondstory` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line. `lint` and `lsp` are answered before anything heavy is imported: a commit or an editor waits."""
    if sys.argv[1:2] == ["lint"]:
        from secondstory.language.command import main as lint

        sys.exit(lint(sys.argv[2:]))
    if sys.argv[1:2] == ["lsp"]:
        from secondstory.language.editors.server import main as lsp

        sys.exit(lsp(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondstory.site.settings")
    from secondstory.cli.commands import app

    app()
