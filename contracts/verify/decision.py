"""Audit a vote: recompute its chain, its roll, its ballots and its result from its facts alone.

Nothing here is the service's: the rules are written again, from what is published about them.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from contracts.verify.tally import Units, is_tied, ratio, recompute, unsound

_GENESIS = "0" * 64
_OWNER = "fr.ctin.members."
_CHOICES = {"for": "yes", "against": "no", "abstain": "abstained", "blank": "abstained"}
_PARIS = ZoneInfo("Europe/Paris")
Fact = dict[str, Any]


class Difference(NamedTuple):
    """The first thing that is not as it should be: on which line, and what, in French."""

    line: int
    detail: str


class Audited(NamedTuple):
    """What the facts of a vote say when nothing differs."""

    resolution: str
    adopted: bool
    reason: str
    score: str | None
    ballots: int
    digest: str


class _Differs(Exception):
    """Carries the sentence of a difference to the line that shows it."""


class _Member:
    """A member on the roll: what it may do, and the ballots cast for it."""

    def __init__(self, entry: Fact) -> None:
        self.college: str = entry["college"]
        self.units: int = entry["units"]
        self.recused = entry["recusal"] is not None
        self.own: str | None = None
        self.by_proxy: list[tuple[str, str]] = []
        """Holder and choice, in order."""


class _Vote:
    """What the facts read so far say."""

    def __init__(self) -> None:
        self.head = self.entries = _GENESIS
        self.step = self.seq = 0
        self.opened: Fact = {}
        self.closed: Fact = {}
        self.opinion: str | None = None
        self.roll: dict[str, _Member] = {}
        self.holders: dict[str, set[str]] = {}
        self.at = ""
        self._readers: dict[str, Callable[[Fact], None]] = {
            "resolution_opened.v1": self._open,
            "roll_continued.v1": self._enrol,
            "recusal_declared.v1": self._recuse,
            "proxy_used.v1": self._use_proxy,
            "ballot_cast.v1": self._cast,
            "resolution_closed.v1": self._close,
        }

    def event(self, number: int, found: Fact) -> None:
        """Take the event of line `number`, or say what is wrong with it."""
        kind = str(found["type"]).removeprefix(_OWNER)
        fact = found["data"]
        _must(found["specversion"] == "1.0", "ce n'est pas un CloudEvent 1.0")
        _must(found["sequence"] == str(number), f"le fait {number} est attendu à cette ligne")
        if kind in {"opinion_adopted.v1", "opinion_rejected.v1"}:
            self._conclude(kind, found, fact)
            return
        _must(kind in self._readers, f"« {kind} » n'est pas un fait d'un vote")
        first = kind == "resolution_opened.v1"
        _must(first == (number == 1), "un vote commence par son ouverture, une seule fois")
        _must(not self.closed, "le vote est déjà clos")
        home = fact if first else self.opened
        for name in ("resolution_id", "coordination"):
            _must(fact[name] == home[name], f"ce fait est d'un autre vote ({name})")
        _must(found["subject"] == fact["resolution_id"], "le sujet n'est pas la résolution")
        self._readers[kind](fact)
        self._link(kind, fact)

    def _link(self, kind: str, fact: Fact) -> None:
        """Check the place of a fact in the chain."""
        self.step += 1
        named = f"le fait {self.step} ({kind})"
        _must(fact["step"] == self.step, f"{named} porte le rang {fact['step']}")
        _must(fact["prev"] == self.head, f"{named} ne suit pas l'empreinte {self.head}")
        self.head = _digest(self.head, fact)
        _must(
            fact["digest"] == self.head,
            f"{named} a été modifié : son empreinte n'est plus la sienne",
        )

    def _enter(self, entry: Fact, named: str) -> None:
        """Check the place of an entry, of the roll or of the ballots, in their chain."""
        self.entries = _digest(self.entries, entry)
        _must(
            entry["digest"] == self.entries,
            f"{named} a été modifié, ou un autre avant lui : son empreinte n'est plus la sienne",
        )

    def _open(self, fact: Fact) -> None:
        rule = fact["rule_book"]
        sealed = hashlib.sha256(_canonical(rule)).hexdigest()
        _must(
            sealed == fact["rule_book_sha256"],
            f"le règlement a pour empreinte {sealed}, non {fact['rule_book_sha256']}",
        )
        wrong = unsound(rule)
        _must(wrong is None, wrong)
        _must(
            (fact["call"] == 2) == (fact["second_call_of"] is not None),  # noqa: PLR2004
            "la convocation ne dit pas la précédente",
        )
        _must(
            fact["call"] == 1 or rule["second_call"] is not None,
            "le règlement n'a pas de seconde convocation",
        )
        self.opened, self.at = fact, fact["opened_at"]
        self._enrol(fact)

    def _enrol(self, fact: Fact) -> None:
        _must(not self.seq and not self.holders, "la liste est arrêtée avant le premier bulletin")
        for entry in fact["roll"]:
            member = entry["member"]
            self._enter(entry, f"le votant {member}")
            _must(member not in self.roll, f"le votant {member} est inscrit deux fois")
            _must(
                entry["college"] in self.opened["rule_book"]["colleges"],
                f"le votant {member} est d'un collège sans poids : {entry['college']}",
            )
            _must(
                type(entry["units"]) is int and entry["units"] > 0,
                f"le votant {member} a {entry['units']} voix",
            )
            self.roll[member] = _Member(entry)
        _must(len(self.roll) <= self.opened["roll_members"], "la liste a trop de votants")

    def _known(self, member: str) -> _Member:
        _must(member in self.roll, f"le membre {member} n'est pas sur la liste")
        return self.roll[member]

    def _move(self, at: str) -> None:
        """Check that a fact of the open vote comes in time."""
        complete = len(self.roll) == self.opened["roll_members"]
        _must(complete, f"la liste annonce {self.opened['roll_members']} votants")
        _must(_instant(at) >= _instant(self.at), f"l'instant {at} précède {self.at}")
        closes = self.opened["closes_at"]
        _must(closes is None or _instant(at) < _instant(closes), f"l'instant {at} suit la clôture")
        self.at = at

    def _recuse(self, fact: Fact) -> None:
        self._move(fact["declared_at"])
        member = self._known(fact["member"])
        _must(not member.recused, f"le membre {fact['member']} s'était déjà déporté")
        member.recused = True

    def _use_proxy(self, fact: Fact) -> None:
        giver, holder = fact["giver"], fact["holder"]
        named = f"la procuration de {giver} à {holder}"
        ends = [self._known(giver), self._known(holder)]
        _must(self.opened["session_id"] is not None, f"{named} n'est d'aucune séance")
        _must(giver != holder, f"{named} n'engage qu'un membre")
        _must(ends[0].college == ends[1].college, f"{named} passe d'un collège à un autre")
        held = self.holders.setdefault(holder, set())
        _must(giver not in held, f"{named} est dite deux fois")
        given = set().union(*self.holders.values())
        _must(
            holder not in given and giver not in self.holders,
            f"{named} transmet celle d'un autre",
        )
        held.add(giver)
        most = self.opened["rule_book"]["proxies_max_per_holder"]
        _must(
            len(held) <= most, f"{named} est de trop : son porteur en a {len(held)}, {most} au plus"
        )

    def _cast(self, fact: Fact) -> None:
        self._move(fact["cast_at"])
        _must(fact["ballots"], "un fait de vote porte au moins un bulletin")
        for entry in fact["ballots"]:
            self._ballot(entry)

    def _ballot(self, entry: Fact) -> None:
        seq, holder, choice = entry["seq"], entry["holder"], entry["choice"]
        named = f"le bulletin {seq} du membre {entry['member']}"
        self.seq += 1
        _must(seq == self.seq, f"{named} : le rang {self.seq} est attendu")
        self._enter(entry, named)
        _must(choice in _CHOICES, f"{named} dit « {choice} »")
        member = self._known(entry["member"])
        _must(not member.recused, f"{named} : ce membre s'est déporté")
        if holder is None:
            member.own = choice
            return
        _must(not self._known(holder).recused, f"{named} : son porteur {holder} s'est déporté")
        _must(
            entry["member"] in self.holders.get(holder, ()),
            f"{named} : aucune procuration à {holder} n'est dite",
        )
        _must(member.own is None, f"{named} : ce membre avait voté lui-même")
        member.by_proxy.append((holder, choice))

    def _close(self, fact: Fact) -> None:
        complete = len(self.roll) == self.opened["roll_members"]
        _must(complete, f"la liste annonce {self.opened['roll_members']} votants")
        _must(
            fact["ballots"] == self.seq,
            f"la clôture annonce {fact['ballots']} bulletins, {self.seq} sont là",
        )
        at = fact["closed_at"]
        _must(_instant(at) >= _instant(self.at), f"la clôture {at} précède {self.at}")
        rule, call, counted = self.opened["rule_book"], self.opened["call"], self._counted()
        casting = None
        plain = recompute(rule, counted, call=call)
        if plain["reason"] == "TIED" and is_tied(rule, ratio(plain["score"])):
            casting = self._casting_vote(rule)
        _must(
            fact["casting_vote"] == casting,
            f"la voix prépondérante dite est « {fact['casting_vote']} », non « {casting} »",
        )
        _compare(fact["result"], recompute(rule, counted, call=call, casting=casting), "")
        self.closed = fact

    def _casting_vote(self, rule: Fact) -> str | None:
        chair = self.opened["chair"]
        if not rule["casting_vote"] or chair is None or self._known(chair).recused:
            return None
        own = self._known(chair).own
        return own if own in {"for", "against"} else None

    def _counted(self) -> dict[str, Units]:
        """Return the units of each college: what a recused member gave, held or cast is void."""
        found: dict[str, dict[str, int]] = {}
        for member in self.roll.values():
            one = found.setdefault(member.college, dict.fromkeys(Units._fields, 0))
            one["roll"] += member.units
            if member.recused:
                one["recused"] += member.units
                continue
            held = [choice for holder, choice in member.by_proxy if not self.roll[holder].recused]
            choice = member.own or (held[-1] if held else None)
            if choice is not None:
                one[_CHOICES[choice]] += member.units
        return {name: Units(**one) for name, one in found.items()}

    def _conclude(self, kind: str, found: Fact, fact: Fact) -> None:
        """Check that the opinion is the one the vote makes."""
        _must(self.closed, "un avis est dit avant la clôture")
        _must(self.opinion is None, "un second avis est dit")
        result = self.closed["result"]
        wanted = "opinion_adopted.v1" if result["adopted"] else "opinion_rejected.v1"
        _must(kind == wanted and result["quorum"], f"« {kind} » contredit le résultat du vote")
        opened, day = self.opened, _instant(self.closed["closed_at"]).astimezone(_PARIS).date()
        said = {
            "coordination": opened["coordination"],
            "opinion_id": opened["resolution_id"],
            "title": opened["title"],
            "diagnostic_version": opened["diagnostic_version"],
        }
        if result["adopted"]:
            said |= {"awards": opened["awards"], "adopted_on": str(day)}
        else:
            said |= {"rejected_on": str(day)}
        _compare(fact, said, "l'avis, ")
        _must(found["subject"] == opened["resolution_id"], "le sujet n'est pas la résolution")
        self.opinion = kind

    def end(self) -> Audited:
        """Return what the facts say, unless the vote is not over."""
        _must(self.closed, "le vote n'est pas clos : il n'y a pas de résultat à vérifier")
        result = self.closed["result"]
        _must(self.opinion or not result["quorum"], "le vote a délibéré et son avis n'est pas dit")
        return Audited(
            resolution=self.opened["resolution_id"],
            adopted=result["adopted"],
            reason=result["reason"],
            score=result["score"],
            ballots=self.seq,
            digest=self.head,
        )


def _must(holds: object, otherwise: str | None) -> None:
    if not holds:
        raise _Differs(otherwise)


def _compare(found: Fact, wanted: Fact, where: str) -> None:
    """Say the first field that is not what was recomputed."""
    for name in {**wanted, **found}:
        here = f"{where}« {name} »"
        _must(name in wanted, f"{here} n'est pas attendu")
        one, other = found.get(name), wanted[name]
        if isinstance(one, dict) and isinstance(other, dict):
            _compare(one, other, f"{here}, ")
        else:
            alike = type(one) is type(other) and one == other
            _must(alike, f"{here} vaut {json.dumps(one)}, {json.dumps(other)} est recalculé")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _canonical(document: Fact) -> bytes:
    """Return a document in canonical JSON: RFC 8785, for keys in ASCII and whole numbers."""
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _digest(previous: str, content: Fact) -> str:
    bare = {name: value for name, value in content.items() if name != "digest"}
    return hashlib.sha256(bytes.fromhex(previous) + _canonical(bare)).hexdigest()


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    _must(len(found) == len(pairs), "une ligne donne deux fois le même champ")
    return found


def audit(lines: Iterable[bytes]) -> Audited | Difference:
    """Return what the facts of a vote say, or the first thing in them that is not as it should be.

    Args:
        lines: structured CloudEvents in order, one a line, as a resolution's facts are exported.
    """
    vote, number = _Vote(), 0
    try:
        for number, line in enumerate(lines, start=1):  # The line that differs.
            vote.event(number, json.loads(line, object_pairs_hook=_once))
        return vote.end()
    except _Differs as difference:
        return Difference(number, str(difference))
    except KeyError as missing:
        return Difference(number, f"le champ {missing} manque")
    except (ValueError, TypeError, AttributeError, IndexError) as fault:
        return Difference(number, f"la ligne n'est pas celle d'un vote ({fault})")


def main(path: str | Path) -> int:
    """Audit a file: return 0 when all of it holds, 1 with the first difference on stderr."""
    with Path(path).open("rb") as lines:
        found = audit(lines)
    if isinstance(found, Difference):
        sys.stderr.write(f"ligne {found.line} : {found.detail}.\n")
        return 1
    said = "adoptée" if found.adopted else "non adoptée"
    sys.stdout.write(
        f"Décision vérifiée : {said} ({found.reason}), score {found.score or 'indéfini'}, "
        f"{found.ballots} bulletins, empreinte {found.digest}.\n"
    )
    return 0
