"""Every call through which words could leave: news between slices, what other processes hear, the ledger, letters, logs.

What these say is read in the source, so that a new call joins by itself.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.privacy.leak import none_of

import secondstory

SOURCE = Path(secondstory.__file__).parent
# While leaks are being planted, only a leak matters.
PLANTING = "SECONDSTORY_PLANTING" in os.environ
# One signal carries words by need: those that are to be taken out wherever they are repeated; it stays in the process.
WORDS_TO_TAKE_OUT = "timeline/striking_changes.py"
NEITHER_WORDS_NOR_IDS = {"numbers", "quotes"}


@cache
def trees() -> dict[str, ast.Module]:
    return {str(path.relative_to(SOURCE)): _tree(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))}


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _calls(tree: ast.Module) -> list[tuple[str, ast.Call]]:
    return [(_called(node), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for name, tree in trees().items():
        yield from ((f"{name}:{call.lineno}", call) for called, call in _calls(tree) if called in names)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _file(where: str) -> str:
    return where.partition(":")[0]


def _is_id(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and (
        node.attr if isinstance(node, ast.Attribute) else node.id
    ).endswith(("_id", "pk", "id_", "ids", "_ids", "id"))


def test_news_between_slices_carries_ids() -> None:
    wrong = []
    for where, call in calls("send"):
        for keyword in (each for each in call.keywords if each.arg != "sender"):
            said = ast.unparse(keyword.value)
            known = said in NEITHER_WORDS_NOR_IDS or (where.startswith(WORDS_TO_TAKE_OUT) and keyword.arg == "quote")
            if not (known or _is_id(keyword.value)):
                wrong.append(f"{where} sends {keyword.arg}={said}")
    none_of(wrong)


def test_what_other_processes_hear_is_a_kind_and_an_id() -> None:
    wrong = []
    for where, call in calls("tell"):
        if "live.changes import tell" not in ast.unparse(trees()[_file(where)]):
            continue
        for said in call.args[:1]:
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            plain = [each.value if isinstance(each, ast.FormattedValue) else each for each in parts]
            wrong += [
                f"{where} tells {ast.unparse(each)}"
                for each in plain
                if not (isinstance(each, ast.Constant) or _is_id(each) or ast.unparse(each) == "topic")
            ]
    none_of(wrong)


# Who writes log lines, and it is said of what: names of sweeps and types of errors; of an editor's server, places in the code
# (tests/language/test_editors.py).
WHO_LOGS = {"work/worker.py", "work/rows.py", "site/logs.py", "site/middleware.py", "writing/exporters/pdf.py"}
WHO_LOGS |= {"language/editors/server.py"}
LOGGED = {"sweep.name", "type(error).__name__", "sweep", "name"}


def _imports_logging(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] == "logging"
    return isinstance(node, ast.Import) and any(each.name.partition(".")[0] == "logging" for each in node.names)


def test_only_those_log_who_are_known_to() -> None:
    wrong, printing = [], {_file(where) for where, _call in calls("print")}
    for name, tree in trees().items():
        logs = any(_imports_logging(node) for node in ast.walk(tree))
        prints = name in printing and not name.startswith("cli/")
        if (logs or prints) and name not in WHO_LOGS:
            wrong.append(f"{name} logs or prints: show the walk what")
    for where, call in calls("warning", "error", "exception", "info", "debug", "critical"):
        said = [ast.unparse(each) for each in call.args if not isinstance(each, ast.Constant)]
        wrong += [f"{where} logs {each}" for each in said if _file(where) in WHO_LOGS and each not in LOGGED]
    none_of(wrong)


# What may be called while putting the words of a letter or a line of the ledger together.
SENTENCES = {"_", "gettext", "str", "join", "sorted", "list", "filter"}
# What a letter must not even look at: what somebody called a review, a moment or themselves, or wrote.
WRITTEN = {"title", "published_title", "body", "stored", "what", "summary", "role_label"}


def test_a_letter_is_put_together_from_our_own_sentences() -> None:
    wrong = []
    for where, call in calls("write_letter"):
        said = [each for keyword in call.keywords for each in ast.walk(keyword.value) if isinstance(each, ast.Call)]
        wrong += [
            f"{where} asks {_called(each)} for words" for each in said if _called(each) not in SENTENCES | {"new_id"}
        ]
        function = next(
            each
            for each in ast.walk(trees()[_file(where)])
            if isinstance(each, ast.FunctionDef) and call in set(ast.walk(each))
        )
        looked_at = {each.attr for each in ast.walk(function) if isinstance(each, ast.Attribute)}
        wrong += [f"{where} looks at {name}" for name in looked_at & WRITTEN]
    none_of(wrong)


def test_the_ledger_is_given_ids_and_short_facts() -> None:
    wrong = []
    for where, call in calls("record"):
        if "sealing.ledger" in ast.unparse(trees()[_file(where)]):
            given = [*call.args, *(each.value for each in call.keywords)]
            asked = [each for value in given for each in ast.walk(value) if isinstance(each, ast.Call)]
            wrong += [
                f"{where} asks {_called(each)}"
                for each in asked
                if _called(each) not in SENTENCES | {"now", "hex", "bytes"}
            ]
    none_of(wrong)


# What commands may ask for while they put together what they print: amounts, names of files, keys' ids, tables of persons.
PRINTED = SENTENCES | {"len", "escape", "print", "in_one_line"}


def test_commands_print_what_they_were_given_and_amounts() -> None:
    wrong = []
    for where, call in calls("print", "echo"):
        if where.startswith("cli/"):
            asked = [each for given in call.args for each in ast.walk(given) if isinstance(each, ast.Call)]
            wrong += [f"{where} prints what {_called(each)} says" for each in asked if _called(each) not in PRINTED]
    none_of(wrong)


# Keys of the answers that scripts of ours read; whoever adds one shows that the address walk meets it.
ANSWERED = {"version", "body", "by", "at", "detail", "markdown", "address", "status", "evidence", "paragraphs"}


def test_answers_to_scripts_have_known_keys() -> None:
    wrong = []
    for where, call in calls("JsonResponse"):
        for answer in (each for each in call.args[:1] if isinstance(each, ast.Dict)):
            keys = {ast.literal_eval(key) for key in answer.keys if isinstance(key, ast.Constant)}
            wrong += [f"{where} answers {key}" for key in keys - ANSWERED]
    none_of(wrong)


def test_a_socket_is_sent_topics() -> None:
    sent = [(where, ast.unparse(call.args[0])) for where, call in calls("send_json")]
    assert sent
    none_of(f"{where} sends {what}" for where, what in sent if what != "{'changed': [topic]}")


KNOWN = Path(__file__).with_name("for_the_system.txt")


def test_whatever_is_read_for_the_system_is_known() -> None:
    """Outside of changes and commands, who reads without eyes stands in a list that somebody looked through."""
    found = set()
    for name, tree in trees().items():
        if name.endswith("changes.py") or name.startswith(("cli/", "demo/", "access/")):
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if _called(call) == "for_system":
                found.add(f"{name}: {ast.literal_eval(call.args[0])}")
            elif _called(call) == "get_queryset":
                found.add(f"{name}: {ast.unparse(call)}")
    known = set(KNOWN.read_text().splitlines())
    none_of(f"{each}: if it may, add it to {KNOWN.name}" for each in found - known)
    gone = sorted(known - found)
    assert PLANTING or not gone, "no longer there"
