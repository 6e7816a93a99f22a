"""`secondstory lsp`: the analyser for every editor that speaks the Language Server Protocol."""
