"""`ctin tally`: what votes would decide under a rule book; one case in JSON, several in NDJSON."""

import argparse
import sys
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.events.members.votes import EmptyCollege, Ratio, VoteBase, VoteMode
from contracts.refusals import explain
from services.chassis.errors import Refusal
from services.members.model import tally

DONE, REFUSED, USAGE = 0, 1, 2
Rational = Ratio | Annotated[int, Meta(ge=0, le=1)]


class _College(msgspec.Struct):
    weight: Rational


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    mode: VoteMode
    base: VoteBase
    empty: EmptyCollege
    quorum: Rational
    threshold: Rational
    majority_of_colleges: Annotated[int, Meta(ge=0)]
    quorum_per_college: Rational | None = None


class _Case(msgspec.Struct):
    colleges: Annotated[dict[str, _College], Meta(min_length=1)]
    members: list[tally.Voter]
    rule: _Rule
    ballots: list[tally.Vote] = []
    recused: list[str] = []


class _Wrong(Exception):
    """A case that cannot be counted: its text is the French reason."""


_CASE = msgspec.json.Decoder(_Case)


def run(arguments: argparse.Namespace) -> int:
    """Write one result a case, in order, and stop at the first case that cannot be counted."""
    del arguments  # There is nothing to choose: the case says it all.
    text = sys.stdin.buffer.read()
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        sys.stderr.write("Aucun cas n'est donné ; écrivez-en un en JSON sur l'entrée standard.\n")
        return USAGE
    several = len(lines) > 1 and _is_json(lines[0][1])
    for number, case in lines if several else [(0, text)]:
        try:
            result = _decided(case)
        except _Wrong as wrong:
            where = f"ligne {number} : " if number else ""
            sys.stdout.flush()
            sys.stderr.write(f"{where}{wrong}\n")
            return REFUSED
        sys.stdout.write(f"{result}\n")
    return DONE


def _is_json(line: bytes) -> bool:
    """Tell whether a line holds a whole value: then every line is a case of its own."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _decided(text: bytes) -> str:
    try:
        case = _CASE.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        told = explain(error)
        field = f"{told.field} : " if told.field else ""
        raise _Wrong(f"{field}{told.detail}") from error
    rule = tally.Rule(
        weights={name: Fraction(one.weight) for name, one in case.colleges.items()},
        mode=case.rule.mode,
        base=case.rule.base,
        empty=case.rule.empty,
        quorum=Fraction(case.rule.quorum),
        quorum_per_college=None
        if case.rule.quorum_per_college is None
        else Fraction(case.rule.quorum_per_college),
        threshold=Fraction(case.rule.threshold),
        majority_of_colleges=case.rule.majority_of_colleges,
    )
    try:
        tally.must_be_sound(rule)
    except Refusal as refusal:
        raise _Wrong(f"{refusal.field} : {refusal}") from refusal
    _must_be_whole(case)
    counts = tally.count(case.members, set(case.recused), case.ballots)
    return msgspec.json.encode(tally.tally(rule, counts)).decode()


def _must_be_whole(case: _Case) -> None:
    """Refuse a case that names something twice, or something it does not have."""
    _must_differ("members", "le membre", (one.id for one in case.members))
    _must_differ("ballots", "le rang", (str(one.seq) for one in case.ballots))
    known = {one.id for one in case.members}
    for member in case.members:
        if member.college not in case.colleges:
            raise _Wrong(f"members : le collège « {member.college} » n'est pas dans le cas.")
    for field, named in (
        ("recused", case.recused),
        ("ballots", [one.member for one in case.ballots]),
    ):
        for one in named:
            if one not in known:
                raise _Wrong(f"{field} : « {one} » n'est pas parmi les membres.")


def _must_differ(field: str, what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise _Wrong(f"{field} : {what} « {value} » est donné deux fois.")
        seen.add(value)
