"""Which leaks are none, by a rule that is checked anew each time.

A page asks first whether somebody takes part in a review, and then reads rows of that review. Where every row of the table is
for all who take part, the second question repeats the first: leaving it out tells nobody anything.
"""

from __future__ import annotations

import ast
from pathlib import Path

ASKS = {"workshop", "review_here", "with_part_of", "decided_by", "taken_part_in"}
BECAUSE = "its page asked before whether the person takes part, and all rows of that table are for all who do"


class Harmless:
    """Knows the tables whose rows are for everybody who takes part, and the files that always ask first."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.trees = {str(path.relative_to(source)): ast.parse(path.read_text()) for path in source.rglob("*.py")}
        self.tables = set(self._tables())

    def because(self, file: str, what: str) -> str:
        """The reason why leaving this question out leaks nothing, or nothing."""
        table, _, rest = what.partition(".objects.visible_to(")
        if not rest or "without eyes" not in rest or table.strip() not in self.tables:
            return ""
        page = file.endswith(("views.py", "api.py"))
        return BECAUSE if page and self._always_asks(self.trees[file]) else ""

    def _tables(self) -> list[str]:
        classes = [each for tree in self.trees.values() for each in ast.walk(tree) if isinstance(each, ast.ClassDef)]
        for_all = {"WorkshopRows"}
        for each in classes * 2:
            derived = any(ast.unparse(base).partition("[")[0] in for_all for base in each.bases)
            own = any(isinstance(part, ast.FunctionDef) and part.name == "visible_to" for part in each.body)
            for_all |= {each.name} if derived and not own else set()
        return [each.name for each in classes if any(f"guarded({rows})" in ast.unparse(each) for rows in for_all)]

    def _always_asks(self, tree: ast.Module) -> bool:
        """Whether every function that answers a request asks, itself or through another of the same file."""
        functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
        asking: set[str] = set()
        for _ in functions:
            asking |= {name for name, each in functions.items() if _calls(each) & (ASKS | asking)}
        return all(name in asking for name, each in functions.items() if _answers(each))


def _calls(function: ast.FunctionDef) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def _answers(function: ast.FunctionDef) -> bool:
    given = {each.arg for each in function.args.args}
    return "request" in given and (bool(function.decorator_list) or not function.name.startswith("_"))
