"""The conditions that TFX can put on a task, which Kubeflow evaluates as CEL expressions."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from schema.user_error import UserError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)|'(?P<text>[^'\\]*)'|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>&&|\|\||[=!<>]=|[][<>!().+]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SUPPORTED = "numbers, 'texts', inputs.…['key'][0].field, parentheses, + == != < <= > >= ! && ||"


def condition_holds(condition: str, executor_input: dict[str, Any]) -> bool:
    """Whether a task is to run.

    Args:
        condition: comparisons of artifacts' URIs and metadata among themselves and with constants, joined by
            `!`, `&&`, `||` and parentheses: all of what TFX compiles, and a small part of CEL.
        executor_input: as a JSON object.

    Raises:
        UserError: an expression beyond that, one that names what is not there, or compares what does not compare.
    """
    try:
        value = _Expression(condition, {"inputs": _with_field_names(executor_input["inputs"])}).value()
    except (SyntaxError, LookupError, TypeError) as error:
        raise UserError(
            f"the condition {condition} cannot be evaluated: {error}; supported are {_SUPPORTED}"
        ) from error
    if not isinstance(value, bool):
        raise UserError(f"the condition {condition} gives {value!r}; expected true or false")
    return value


def _with_field_names(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"artifacts": inputs["artifacts"], "parameter_values": inputs["parameterValues"]}


class _Expression:
    """A recursive descent; a token is a kind and a text."""

    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._tokens = list(_tokens(text))
        self._next = 0

    def value(self) -> Any:
        value = self._or()
        if self._next < len(self._tokens):
            raise SyntaxError(f"{self._tokens[self._next][1]} is out of place")
        return value

    def _or(self) -> Any:
        value = self._and()
        while self._take("||"):
            value = _boolean(self._and()) or _boolean(value)
        return value

    def _and(self) -> Any:
        value = self._comparison()
        while self._take("&&"):
            value = _boolean(self._comparison()) and _boolean(value)
        return value

    def _comparison(self) -> Any:
        value = self._sum()
        while sign := self._take(*_COMPARISONS):
            other = self._sum()
            if isinstance(value, str) != isinstance(other, str):
                raise TypeError(f"{value!r} and {other!r} are of different types")
            value = _COMPARISONS[sign](value, other)
        return value

    def _sum(self) -> Any:
        value = self._factor()
        while self._take("+"):
            value = value + self._factor()
        return value

    def _factor(self) -> Any:
        if self._take("!"):
            return not _boolean(self._factor())
        if self._take("("):
            value = self._or()
            self._expect(")")
            return value
        kind, text = self._pop()
        if kind == "number":
            return float(text)
        if kind == "text":
            return text
        if kind != "name":
            raise SyntaxError(f"{text} is out of place")
        return {"true": True, "false": False}[text] if text in ("true", "false") else self._path(text)

    def _path(self, name: str) -> Any:
        value = self._variables[name]
        while sign := self._take(".", "["):
            kind, key = self._pop()
            if (sign, kind) not in ((".", "name"), ("[", "text"), ("[", "number")):
                raise SyntaxError(f"{key} is out of place")
            value = value[int(key) if kind == "number" else key]
            if sign == "[":
                self._expect("]")
        return value

    def _take(self, *signs: str) -> str | None:
        if self._next < len(self._tokens) and self._tokens[self._next] in [("sign", sign) for sign in signs]:
            return self._pop()[1]
        return None

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise SyntaxError(f"{sign} is missing")

    def _pop(self) -> tuple[str, str]:
        if self._next == len(self._tokens):
            raise SyntaxError("it ends too early")
        self._next += 1
        return self._tokens[self._next - 1]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SyntaxError(f"{text[position:].strip()} is not understood")
        kind = str(match.lastgroup)
        yield kind, match[kind]
        position = match.end()


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
