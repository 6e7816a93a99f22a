"""Puts a changed file into a running process: every function of it that is there gets the code it has in the changed one.

Whoever holds the function (an address, a registry, a decorator) then calls the changed code. What else is done once, when the
file is imported, cannot be changed like that: such a leak is tried in a process of its own.
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType

Pair = tuple[CodeType, CodeType]


class NotInFunctions(Exception):
    """What changed is done when the file is imported."""


def put_in(module: str, was: str, becomes: str) -> None:
    """Changes the functions of a module from what they were."""
    if module not in sys.modules:
        raise NotInFunctions
    file = str(Path(sys.modules[module].__file__ or ""))
    before = ast.parse(was)
    tree, more = _apart(ast.parse(becomes), {node.name for node in before.body if hasattr(node, "name")})
    _set_what_classes_hold(sys.modules[module], before, tree)
    there = compile(was, file, "exec", dont_inherit=True)
    same_lines = compile(ast.unparse(ast.parse(was)), file, "exec", dont_inherit=True)
    found = _changed(there, same_lines, compile(ast.unparse(tree), file, "exec", dont_inherit=True))
    live = _live(file)
    for code, after in found:
        for function in live.get((code.co_qualname, code.co_firstlineno), []):
            if len(function.__code__.co_freevars) != len(after.co_freevars):
                raise NotInFunctions
            function.__code__ = after
    exec(compile(more, file, "exec", dont_inherit=True), sys.modules[module].__dict__)  # noqa: S102 - our own leak


def _set_what_classes_hold(module: object, was: ast.Module, becomes: ast.Module) -> None:
    """What a class of the file holds by a name and reads at each use, such as the text of a question in SQL."""
    befores, afters = ([node for node in tree.body if isinstance(node, ast.ClassDef)] for tree in (was, becomes))
    if len(befores) != len(afters):
        raise NotInFunctions
    for before, after in zip(befores, afters, strict=True):
        for place, (old, new) in enumerate(zip(before.body, after.body, strict=False)):
            if isinstance(new, ast.Assign) and ast.unparse(old) != ast.unparse(new):
                value = eval(compile(ast.Expression(new.value), "", "eval"), dict(vars(module)))  # noqa: S307 - our own leak
                setattr(getattr(module, after.name), ast.unparse(new.targets[0]), value)
                after.body[place] = old


def _apart(tree: ast.Module, known: set[str]) -> tuple[ast.Module, ast.Module]:
    """The file, and the functions that it did not have before."""
    more = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name not in known]
    rest = [node for node in tree.body if node not in more]
    return ast.Module(rest, []), ast.Module(more, [])


def _changed(there: CodeType, was: CodeType, becomes: CodeType) -> list[Pair]:
    """Pairs of the code as it is there and as it becomes, for each function that differs or holds one that does."""
    if _essence(was, deep=True) == _essence(becomes, deep=True):
        return []
    inner = [_within(each) for each in (there, was, becomes)]
    is_function = bool(there.co_flags & CO_OPTIMIZED)
    if not is_function and (_essence(was) != _essence(becomes) or len({len(each) for each in inner}) > 1):
        raise NotInFunctions
    pairs = [(there, becomes)] if is_function else []
    if len({len(each) for each in inner}) == 1:
        pairs += [pair for each in zip(*inner, strict=True) for pair in _changed(*each)]
    return pairs


def _within(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _essence(code: CodeType, *, deep: bool = False) -> tuple[object, ...]:
    """What the code does, without where it stands."""
    consts = tuple(_told(each, deep=deep) for each in code.co_consts)
    return (code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, consts)


def _told(const: object, *, deep: bool) -> object:
    if isinstance(const, CodeType):
        return _essence(const, deep=True) if deep else "code"
    return (type(const).__name__, repr(const))


def _live(file: str) -> dict[tuple[str, int], list[FunctionType]]:
    """The functions of a file that exist, by name and line."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for each in _functions():
        if each.__code__.co_filename == file:
            found.setdefault((each.__code__.co_qualname, each.__code__.co_firstlineno), []).append(each)
    return found


def _functions() -> Iterator[FunctionType]:
    return (each for each in gc.get_objects() if type(each) is FunctionType)
