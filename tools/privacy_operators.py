"""Ways in which code that guards somebody's words can be made to leak, found in its syntax tree.

Every operator yields what it would do, and a function that does it to the tree it was found in. None is made whose finding
would tell nothing that another's does not: a call that is both blinded and widened is found by what finds it blinded; a row
that was removed from a timeline is read by the same people as one that stands; a refusal that asks for less refuses more; and
that a file which logs nothing begins to is one leak a slice, however many files it has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[ast.AST, str, Callable[[], None]]

# Functions that decide who may read or hear.
GUARDS = {
    "visible_to", "takes_part", "takes_part_in_it", "is_member", "unshared_sealed", "may_open_stories", "with_part_of", "decided_by",
    "_decides", "of", "active", "facilitating", "counting", "standing", "own_of", "writable_by", "readable", "_of",
    "as_listed_for", "with_words", "at_stage", "name_for", "shown_title", "may_hear", "margin_texts", "own_texts",
    "interview_texts", "section_texts", "words_of", "_read", "within", "role_of", "_still_allowed", "_may_hear",
    "_allows", "authenticate", "_called", "agreed", "in_force",
}  # fmt: skip
# Calls in a chain that narrow it to what is somebody's.
NARROWING = {
    "with_part_of", "decided_by", "own_of", "of", "agreed", "active", "writable_by", "facilitating", "counting",
}  # fmt: skip
# What stands of a story is who holds it; what stands of a timeline is no matter of who reads it.
STANDING = {"standing"}
NOTHING = re.compile(r"^raise |^return (self\.none\(\)|None|False|''|\{\}|\[\]|Q\(pk__in=\[\]\)|Withdrawn\(\))$")
# Read past every door, so that it is found by where it comes out and not by how it was read.
EVERYTHING = """
def _everything() -> str:
    from secondstory.stories.models import Grant, Part
    held = lambda part: Grant._base_manager.filter(part=part, until=None)
    return " ".join(str(part.words(held(part))) for part in Part._base_manager.select_related("text"))
"""


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> Any:
        return self.replacement if node is self.target else self.generic_visit(node)


def swapping(tree: ast.AST, target: ast.AST, replacement: ast.AST) -> Callable[[], None]:
    """Puts one node into the place of another."""
    return lambda: _Swap(target, replacement).visit(tree)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def guards(path: str, tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that decide who may read: asked of a row or of somebody, which a function of a class as such is not."""
    named = GUARDS if path.startswith("stories/") else GUARDS - STANDING
    return (each for each in functions(tree) if each.name in named and each.args.args and not _is_another(each))


def _is_another(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    made_with = {ast.unparse(each) for each in function.decorator_list}
    return bool(made_with & {"staticmethod", "classmethod"}) or any(
        isinstance(node, ast.Raise) for node in function.body
    )


def called(node: ast.AST) -> str:
    """The name of what a call calls."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def an_open_door(path: str, tree: ast.Module) -> Iterator[Change]:
    """`visible_to` answers with every row."""
    for function in guards(path, tree):
        if function.name == "visible_to":
            manager = any("get_queryset" in ast.unparse(node) for node in function.body)
            body = ast.parse("return self.get_queryset()" if manager else "return self").body
            yield function, "lets everything through", lambda function=function, body=body: _rebody(function, body)


def _rebody(function: Any, body: list[ast.stmt]) -> None:
    function.body = body


def a_yes_to_all(path: str, tree: ast.Module) -> Iterator[Change]:
    """A question about a person is answered with yes, a narrowing with nothing taken away."""
    for function in guards(path, tree):
        returns = ast.unparse(function.returns) if function.returns else ""
        if returns == "bool":
            answer = "return False" if function.name == "unshared_sealed" else "return True"
        elif returns == "Q":
            answer = "return Q()"
        else:
            continue
        body = ast.parse(answer).body
        yield function, answer, lambda function=function, body=body: _rebody(function, body)


def a_forgotten_guard(path: str, tree: ast.Module) -> Iterator[Change]:
    """An early return for who may not is left out."""
    for function in guards(path, tree):
        for node in ast.walk(function):
            if isinstance(node, ast.If) and _refuses(node):
                yield node, f"without if {ast.unparse(node.test)}", swapping(tree, node, ast.Pass())


def a_forgotten_condition(path: str, tree: ast.Module) -> Iterator[Change]:
    """One condition of several is left out."""
    for function in guards(path, tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and called(node) in {"filter", "exclude"}:
                yield from _without_each(node)
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
                for kept, left_out in ((node.left, node.right), (node.right, node.left)):
                    yield node, f"without {ast.unparse(left_out)}", swapping(tree, node, kept)
            elif isinstance(node, ast.BoolOp) and isinstance(node.op, _loosened_by(function, node)):
                yield from _without_operand(node)


def _loosened_by(function: ast.AST, test: ast.BoolOp) -> type[ast.boolop]:
    """What a test must join its operands with to let more through when one is left out."""
    refuses = any(isinstance(node, ast.If) and node.test is test and _refuses(node) for node in ast.walk(function))
    return ast.Or if refuses else ast.And


def _refuses(node: ast.If) -> bool:
    """Answers with nothing; an early return that lets somebody in lets fewer in when it is left out."""
    return not node.orelse and bool(NOTHING.search(ast.unparse(node.body[0])))


def _without_each(call: ast.Call) -> Iterator[Change]:
    for number, given in enumerate(call.args):
        yield call, f"{called(call)} without {ast.unparse(given)}", lambda number=number: call.args.pop(number)
    for number, named in enumerate(call.keywords):
        what = f"{called(call)} without {ast.unparse(named)}"
        yield call, what, lambda number=number: call.keywords.pop(number)


def _without_operand(test: ast.BoolOp) -> Iterator[Change]:
    for number, operand in enumerate(test.values):
        yield test, f"without {ast.unparse(operand)}", lambda number=number: test.values.pop(number)


def a_question_not_asked(path: str, tree: ast.Module) -> Iterator[Change]:
    """Rows are read for the system where they were read with somebody's eyes."""
    # A change asks who may; that nothing is written nor told otherwise is shown by its own tests and by the walk.
    if path.startswith("cli/") or path.endswith("changes.py"):
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        inner = node.func.value
        if called(node) == "visible_to":
            yield node, f"{ast.unparse(node)} without eyes", lambda node=node: _blind(node)
        elif called(node) in (NARROWING | _standing(inner)) and isinstance(inner, ast.Call):
            yield node, f"{ast.unparse(node)[-80:]} not narrowed", swapping(tree, node, inner)


def _blind(call: Any) -> None:
    owner = ast.unparse(call.func.value)
    call.func.attr, call.args = ("get_queryset", []) if owner == "Person.objects" else ("for_system", [_leak()])


def _standing(rows: ast.AST) -> set[str]:
    return STANDING if ast.unparse(rows).startswith("Grant.") else set()


def _leak() -> ast.Constant:
    return ast.Constant("a leak")


def a_clause_less(path: str, tree: ast.Module) -> Iterator[Change]:
    """A question that is asked in SQL loses a clause."""
    if path not in {"reviews/taking_part.py", "stories/parts.py"}:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "EXISTS(SELECT" in node.value:
            for clause in _clauses(node.value):
                yield node, f"without AND {clause}", lambda clause=clause, node=node: _cut(node, clause)


def _clauses(sql: str) -> list[str]:
    """What stands after each AND, up to what comes next beside it or the end of its brackets."""
    return list(dict.fromkeys(_clause(sql, found.end()) for found in re.finditer(" AND ", sql)))


def _clause(sql: str, begins: int) -> str:
    depth = 0
    for at in range(begins, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        if depth < 0 or (depth == 0 and sql.startswith((" AND ", " OR "), at)):
            return sql[begins:at]
    return sql[begins:]


def _cut(node: Any, clause: str) -> None:
    if f" AND {clause}" not in node.value:
        raise LookupError(clause)
    node.value = node.value.replace(f" AND {clause}", f" AND ({clause} OR 1 = 1)")


def one_thing_more(path: str, tree: ast.Module) -> Iterator[Change]:
    """What is handed out gets one more field: everybody's words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and _is_handed_out(node):
            yield node, "one field more", lambda node=node: _with_everything(tree, node)
    for function in functions(tree):
        yield from _first_of_each(change for call in _calls_in(function) for change in _said_more(path, tree, call))
    yield from _exported(path, tree)
    yield from _logged(path, tree)


def _calls_in(function: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _first_of_each(changes: Iterator[Change]) -> Iterator[Change]:
    """One of each kind in a function: what finds one of two lines that are printed finds the other."""
    seen: set[str] = set()
    for change in changes:
        if change[1] not in seen:
            seen.add(change[1])
            yield change


def _is_handed_out(schema: ast.ClassDef) -> bool:
    bases = " ".join(ast.unparse(each) for each in schema.bases)
    known = "Schema" in bases or "Out" in bases
    return known and not schema.name.endswith("In") and "Out" in schema.name + bases


def _with_everything(tree: ast.Module, node: ast.ClassDef) -> None:
    plant(tree)
    field = "import pydantic\nclass _:\n    leak: str = pydantic.Field(default_factory=lambda: _everything())"
    importing, holder = ast.parse(field).body
    after = 1 + max(number for number, each in enumerate(tree.body) if isinstance(each, ast.ImportFrom | ast.Import))
    tree.body.insert(after, importing)
    node.body.extend(holder.body)  # type: ignore[attr-defined]


def plant(tree: ast.Module) -> None:
    """Puts in the function that reads everything."""
    tree.body.extend(ast.parse(EVERYTHING).body)


def _said_more(path: str, tree: ast.Module, call: ast.Call) -> Iterator[Change]:
    name = called(call)
    news = name == "send" and any(each.arg == "sender" for each in call.keywords)
    letter = name == "write_letter" and path != "notify/changes.py"
    ledger = name == "record" and "sealing.ledger" in ast.unparse(tree)
    if news:
        yield call, "news with words", lambda: _planted(tree, lambda: call.keywords.append(_named("words")))
    elif letter:
        words = next((each for each in call.keywords if each.arg == "words"), None)
        if words:
            yield call, "a letter with words", lambda: _planted(tree, lambda: _add(words))
    elif ledger and call.args:
        yield call, "the ledger with words", lambda: _planted(tree, lambda: call.keywords.append(_named("said")))
    elif name == "tell" and "live.changes import tell" in ast.unparse(tree) and call.args:
        yield call, "other processes hear words", lambda: _planted(tree, lambda: _tell_more(call))
    elif name == "print" and path.startswith("cli/") and ast.unparse(call.func) == "out.print" and call.args:
        yield call, "a command prints words", lambda: _planted(tree, lambda: call.args.append(_call()))
    elif name in LEVELS and ast.unparse(call.func).startswith("log."):
        yield call, "a logged line with words", lambda: _planted(tree, lambda: _log_more(call))
    elif name in {"JsonResponse", "send_json"} and call.args and isinstance(call.args[0], ast.Dict):
        yield call, "an answer with words", lambda: _planted(tree, lambda: _fill(call.args[0]))


def _log_more(call: ast.Call) -> None:
    call.args[0] = ast.BinOp(call.args[0], ast.Add(), ast.Constant(": %s"))
    call.args.append(_call())


def _call() -> ast.expr:
    return ast.parse("_everything()", mode="eval").body


def _named(name: str) -> ast.keyword:
    return ast.keyword(name, _call())


def _planted(tree: ast.Module, change: Callable[[], Any]) -> None:
    plant(tree)
    change()


def _add(keyword: ast.keyword) -> None:
    keyword.value = ast.BinOp(keyword.value, ast.Add(), _call())


def _tell_more(call: ast.Call) -> None:
    call.args[0] = ast.BinOp(call.args[0], ast.Add(), ast.parse("_everything()[:20]", mode="eval").body)


def _fill(answer: Any) -> None:
    answer.keys.append(ast.Constant("leak"))
    answer.values.append(_call())


HANDED_OUT = {"html", "pdf", "json_bytes", "data_of", "markdown", "timeline_table", "table", "_about", "_for_readers"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
ADDED = {
    "str": "{} + _everything()",
    "bytes": "{} + _everything().encode()",
    "dict[str, Any]": "{{**{}, 'leak': _everything()}}",
}


def _exported(path: str, tree: ast.Module) -> Iterator[Change]:
    """Every function that hands out a file, a backup, or the data of an answer: none that only helps another of its file."""
    if not (
        path.startswith(("writing/exporters/", "timeline/tables")) or path in {"cli/backup.py", "writing/composing.py"}
    ):
        return
    for function in tree.body:
        returns = ast.unparse(function.returns) if isinstance(function, ast.FunctionDef) and function.returns else ""
        last = function.body[-1] if isinstance(function, ast.FunctionDef) else None
        if returns in ADDED and isinstance(last, ast.Return) and last.value and function.name in HANDED_OUT:
            yield function, "a file with words", lambda last=last, returns=returns: _returned(tree, last, returns)


def _returned(tree: ast.Module, last: ast.Return, returns: str) -> None:
    plant(tree)
    last.value = ast.parse(ADDED[returns].format(f"({ast.unparse(last.value)})"), mode="eval").body  # type: ignore[arg-type]


def _logged(path: str, tree: ast.Module) -> Iterator[Change]:
    """The first function of a file that answers or changes something writes a line into the log."""
    if not path.endswith(("/views.py", "/changes.py", "/consumers.py")):
        return
    first = next((each for each in functions(tree) if isinstance(each, ast.FunctionDef) and len(each.body) > 1), None)
    if first:
        yield first, "a log line with words", lambda: _logging(tree, first)


def _logging(tree: ast.Module, function: ast.FunctionDef) -> None:
    plant(tree)
    line = ast.parse("import logging\nlogging.getLogger('leak').error(_everything())").body
    at = 1 if ast.get_docstring(function) else 0
    function.body[at:at] = line


OPERATORS = (
    an_open_door,
    a_yes_to_all,
    a_forgotten_guard,
    a_forgotten_condition,
    a_question_not_asked,
    a_clause_less,
    one_thing_more,
)
