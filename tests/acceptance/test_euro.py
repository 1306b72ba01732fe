"""A stranger walks one euro from its pledge to its payment, is refused where something lacks, and
has the journal audited apart from the services."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.conftest import Stack, free_port_base, run_ctin, until

HERE = "/v1/coordinations/sicoval"
TODAY = datetime.now(UTC).date().isoformat()
DECIDED = {"adopted_on": TODAY, "decided_on": TODAY, "enforceable_since": TODAY}


class Euro:
    """One fund that nobody else moves, asked for and moved over HTTP."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.tag = stack, uuid4().hex[:8]
        self.fund = f"fonds-{self.tag}"
        self.sent: list[dict[str, Any]] = []
        self.opinion, self.decision = str(uuid4()), str(uuid4())

    def ask(self, service: str, verb: str, path: str, body: object = None) -> Any:
        answer = self.stack.ask(service, f"{HERE}{path}", verb=verb, json=body)
        assert answer.is_success, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def open(self, **more: Any) -> None:
        """Write who gives, what, under which terms, and who is paid."""
        self.ask(
            "funding",
            "PUT",
            f"/funders/financeur-{self.tag}",
            {"name": "Un financeur", "level": "PRIVATE", "legal_nature": "PRIVATE"},
        )
        self.ask(
            "funding",
            "PUT",
            f"/funds/{self.fund}",
            {
                "name": "Un fonds",
                "funder": f"financeur-{self.tag}",
                "custody": "POOLED",
                "mode": "advance",
                "restriction": "none",
                "valid_from": "2026-01-01",
                "valid_until": "2030-12-31",
                **more,
            },
        )

    def act(self, kind: str, cents: int | None = 100, **more: Any) -> dict[str, Any]:
        """Return an act; what is None is left out."""
        asked = {
            "id": str(uuid4()),
            "kind": kind,
            "fund": self.fund,
            "amount_cents": cents,
            "effective_on": TODAY,
            **more,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def send(self, *acts: dict[str, Any], dry: bool = False) -> list[tuple[str, str | None]]:
        path = "/transfers?dry_run=true" if dry else "/transfers"
        found = self.ask("funding", "POST", path, list(acts))
        assert [one["id"] for one in found] == [one["id"] for one in acts]
        assert all(one["detail"] for one in found if one["status"] == "refused")
        return [(one["status"], one["code"]) for one in found]

    def refused(self, code: str, kind: str, cents: int | None = 100, **more: Any) -> None:
        """Ask for an act that lacks something, first dry, and expect its code."""
        asked = self.act(kind, cents, **more)
        assert self.send(asked, dry=True) == [("refused", code)]
        assert self.send(asked) == [("refused", code)]

    def done(self, kind: str, cents: int | None = 100, **more: Any) -> str:
        """Do an act, twice: the second time is free."""
        asked = self.act(kind, cents, **more)
        assert self.send(asked, dry=True) == [("posted", None)], asked
        assert self.send(asked) == [("posted", None)]
        assert self.send(asked) == [("exists", None)]
        self.sent.append(asked)
        return asked["id"]

    def stages(self) -> dict[str, int]:
        """Where the fund's money is, what is empty aside."""
        pool = self.ask("funding", "GET", "/pool")
        (fund,) = [one for one in pool["funds"] if one["id"] == self.fund]
        return {name: cents for name, cents in fund["stages"].items() if cents}


@pytest.fixture(scope="module")
def own_stack(ground: Path) -> Iterator[Stack]:
    """A stack whose pool no other test counts."""
    one = Stack(ground / "euro", base=free_port_base())
    one.start()
    yield one
    one.stop()


@pytest.fixture
def euro(own_stack: Stack) -> Euro:
    one = Euro(own_stack)
    one.open()
    return one


def decide(euro: Euro) -> None:
    """Adopt an opinion and record the funder's decision; wait until the ledger knows both."""
    awards = [{"action": "itinerance", "fund": euro.fund, "amount_cents": 100}]
    euro.ask(
        "members",
        "POST",
        "/opinions",
        {"id": euro.opinion, "title": "Un avis", "adopted_on": TODAY, "awards": awards},
    )
    euro.refused(
        "E_DECISION",
        "award",
        100,
        action="itinerance",
        opinion=euro.opinion,
        funder_decision=euro.decision,
    )
    euro.ask(
        "members",
        "POST",
        "/funder-decisions",
        {
            "id": euro.decision,
            "funder": f"financeur-{euro.tag}",
            "body": "Conseil",
            "reference": "D-1",
            "decided_on": TODAY,
            "enforceable_since": TODAY,
            "awards": awards,
        },
    )
    asked = euro.act(
        "award", 100, action="itinerance", opinion=euro.opinion, funder_decision=euro.decision
    )
    until(lambda: euro.send(asked, dry=True) == [("posted", None)])


def test_a_euro_walks_and_is_stopped_wherever_something_lacks(euro: Euro, tmp_path):
    payee, proof = f"porteur-{euro.tag}", {"proof": "facture 1"}
    euro.refused("E_FUNDS", "notify")
    euro.done("pledge")
    again = {**euro.sent[0], "amount_cents": 101}
    assert euro.send(again) == [("refused", "E_DIFFERS")]
    euro.refused("E_UNKNOWN", "pledge", fund="fonds-de-personne")
    euro.refused("E_FUNDS", "notify", 101)
    euro.done("notify")
    euro.refused("E_AGREEMENT", "agree")
    euro.refused("E_AGREEMENT", "agree", agreement=f"convention-{euro.tag}")
    euro.ask(
        "funding",
        "PUT",
        f"/funding-agreements/convention-{euro.tag}",
        {"fund": euro.fund, "amount_cents": 100, "signed_on": "2026-01-10", "action": "itinerance"},
    )
    agreed = euro.done("agree", agreement=f"convention-{euro.tag}")
    euro.refused("E_PURPOSE", "earmark")
    euro.refused("E_PURPOSE", "earmark", purpose="nulle-part")
    euro.done("earmark", purpose="itinerance")
    euro.done("release", 40, purpose="itinerance", reason="trop fléché")
    euro.done("earmark", 40, purpose="itinerance")
    decide(euro)
    award = {"action": "itinerance", "opinion": euro.opinion, "funder_decision": euro.decision}
    euro.done("award", **award)
    euro.refused("E_DECISION", "award", 1, **award)
    euro.done(
        "withdraw_award", 10, action="itinerance", opinion=euro.opinion, reason="moindre coût"
    )
    euro.refused("E_UNKNOWN", "commit", 90, action="itinerance", payee=payee, phase="hold")
    euro.ask("funding", "PUT", f"/payees/{payee}", {"name": "Un porteur", "siren": "243100633"})
    euro.refused("E_FUNDS", "commit", 91, action="itinerance", payee=payee, phase="hold")
    hold = euro.done("commit", 90, action="itinerance", payee=payee, phase="hold")
    euro.done("post", 80, fund=None, pending_id=hold)
    euro.refused("E_RESOLVED", "post", 10, fund=None, pending_id=hold)
    other = euro.done("commit", 10, action="itinerance", payee=payee, phase="hold")
    euro.done("void", None, fund=None, pending_id=other)
    euro.refused("E_PROOF", "liquidate", 60, action="itinerance", payee=payee)
    euro.done("liquidate", 60, action="itinerance", payee=payee, **proof)
    euro.refused("E_FUNDS", "mandate", 61)
    euro.done("mandate", 60)
    euro.refused("E_FUNDS", "pay", 60)  # The cash is not there yet.
    euro.done("receive", 60, tranche="avance")
    paid = euro.done("pay", 60)
    euro.refused("E_FUNDS", "claw_back", 61, reverses=paid, reason="indu")
    euro.done("claw_back", 5, reverses=paid, reason="indu")
    euro.done("lapse", 5, reverses=agreed, reason="convention échue")
    earmarked = euro.done("earmark", 5, purpose="itinerance")
    euro.done("carry_over", 5, reverses=earmarked, reason="exercice suivant")
    linked = [euro.act("pledge", 10, linked=True), euro.act("notify", 10**6)]
    assert euro.send(*linked) == [("refused", "E_LINKED"), ("refused", "E_FUNDS")]
    assert sum(euro.stages().values()) == 95
    the_auditor_agrees_until_a_line_is_altered(euro, tmp_path)


def test_limits_and_closed_periods_have_their_codes(own_stack: Stack):
    euro = Euro(own_stack)
    euro.open(mode="reimbursement", prefinancing_limit_cents=50)
    euro.done("pledge")
    euro.done("notify")
    convention = f"convention-{euro.tag}"
    terms = {"fund": euro.fund, "amount_cents": 100, "signed_on": "2026-01-10"}
    euro.ask("funding", "PUT", f"/funding-agreements/{convention}", terms)
    euro.done("agree", agreement=convention)
    euro.refused("E_CAP", "receive", 51, tranche="acompte")
    period = f"essai-{euro.tag}"
    euro.ask(
        "funding",
        "POST",
        "/periods",
        {"id": period, "first_day": "2020-01-01", "last_day": "2020-12-31"},
    )
    euro.ask("funding", "POST", f"/periods/{period}/close")
    euro.refused("E_PERIOD", "pledge", effective_on="2020-06-01")
    euro.done("pledge", effective_on="2021-01-01")


def the_auditor_agrees_until_a_line_is_altered(euro: Euro, folder) -> None:
    journal = euro.stack.ask("funding", f"{HERE}/journal").text
    file = folder / "journal.ndjson"
    file.write_text(journal)
    done = run_ctin("verify", "ledger", str(file))
    assert done.returncode == 0, done.stderr

    lines = journal.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if f'"id":"{euro.sent[0]["id"]}"' in line)
    lines[at] = lines[at].replace('"amount_cents":100', '"amount_cents":10')
    file.write_text("".join(lines))
    done = run_ctin("verify", "ledger", str(file))
    assert done.returncode == 1
    assert str(at + 1) in done.stderr, done.stderr
