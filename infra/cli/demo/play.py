"""The demonstration of the Sicoval, played through the services' own doors: HTTP and NATS.

Facts are in `infra/demo/`. What is played once is noted in the data folder; playing it again
changes nothing anyway, because every write names what it writes.
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
import msgspec
from joserfc.jwk import OKPKey

from contracts.events.signals import ReportedNeed, Signal, Unit
from contracts.partner import adapters, credentials
from contracts.partner.adapters import GeneratedMeasure, Unreadable
from contracts.values import Role
from infra.cli.demo.doors import DemonstrationFailed, Doors, send, until
from infra.cli.demo.territory import bring_territory
from infra.cli.environment import Ports
from infra.cli.folder import DataFolder, public_nkey
from infra.cli.operator_token import token
from infra.cli.stack import Say, Stack

FACTS = Path(__file__).parents[2] / "demo"
NAMESPACE = UUID("019b76da-8000-7000-8f00-000000000000")
WAITS_FOR_FACTS = {"E_DECISION", "E_PURPOSE", "E_UNKNOWN"}
"""Refusals that pass once the facts of other services have come."""
INSTITUTIONS = ("caf-31", "cpam-31", "la-poste", "ccas-ramonville")
READY_TOKEN_MINUTES = 12 * 60.0
"""Of the tokens in the ready file alone: who joins by it has no way yet to ask for another."""
INDICATORS = {
    "ifn_total": "Indice de fragilité numérique",
    "ifn_no_thd": "IFN : non-couverture en très haut débit",
    "ifn_no_4g": "IFN : non-couverture 4G",
    "ifn_poverty": "IFN : pauvreté",
    "ifn_older_65": "IFN : part des 65 ans et plus",
    "ifn_low_diploma": "IFN : part des peu diplômés",
}


class Demonstration:
    """Plays the facts of one coordination on a running stack."""

    def __init__(self, folder: DataFolder, ports: Ports, *, say: Say) -> None:
        """Read the facts; nothing is sent before `play`."""
        self._folder, self._ports, self._say = folder, ports, say
        text = (FACTS / "coordination.toml").read_text(encoding="utf-8")
        self._facts: dict[str, Any] = tomllib.loads(text)
        self._digest = hashlib.sha256(text.encode()).hexdigest()
        self.slug: str = self._facts["coordination"]["slug"]
        with (FACTS / "sicoval_communes.csv").open(encoding="utf-8", newline="") as file:
            self._communes = list(csv.DictReader(file))

    async def play(self, stack: Stack) -> None:
        """Play every step once, saying what happens.

        Raises:
            DemonstrationFailed: a step was refused or never had its effect.
        """
        for institution in INSTITUTIONS:
            stack.institution_document(institution, self.slug)
        if self._is_played():
            self._say("La démonstration est déjà jouée dans ce dossier.")
            return
        async with httpx.AsyncClient(
            timeout=15,
            trust_env=False,
            verify=self._ports.door.trust,
            headers={"Authorization": f"Bearer {token(self._folder, Role.OPERATOR)}"},
        ) as client:
            doors = Doors(client, self._ports, self.slug)
            await self._found(doors)
            await self._share(doors)
            await self._know_territory(doors)
            await self._decide(doors)
            await self._fund(doors)
            await self._wait_open(doors)
        await self._signal()
        self._folder.write(self._folder.played, {"digest": self._digest})
        self._say(f"La démonstration est prête : {self._ports.url('portal')}/c/{self.slug}")

    def _is_played(self) -> bool:
        try:
            found = json.loads(self._folder.played.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        return bool(found["digest"] == self._digest)

    async def _found(self, doors: Doors) -> None:
        told = self._facts["coordination"]
        await bring_territory(doors, told["territory"], self._communes)
        await doors.post(
            "members",
            "/v1/coordinations",
            {
                "slug": self.slug,
                "name": told["name"],
                "siren": told["territory"]["siren"],
            },
        )
        for one in self._facts["organizations"]:
            body = {
                "organization": one["slug"],
                "name": one["name"],
                "kind": one["kind"],
                "college": one["college"],
                "effective_on": "2026-01-01",
                **_given(one, section="section", siret="siret", formerly="predecessor"),
            }
            await doors.post("members", f"{doors.here}/members", body)
        count = len(self._facts["organizations"])
        self._say(f"Coordination « {told['name']} » : {count} membres dans trois collèges.")

    async def _share(self, doors: Doors) -> None:
        for slug in INSTITUTIONS:
            key = OKPKey.import_key(json.loads(self._client_key(slug).read_text()))
            await doors.put(
                "members",
                f"/v1/clients/{slug}",
                {
                    "coordination": self.slug,
                    "organization": slug,
                    "roles": [Role.INSTITUTION.value],
                    "jwk": key.as_dict(private=False),
                },
            )
            nkey = public_nkey(self._folder.institution_seed(slug).read_text())
            name = next(o["name"] for o in self._facts["organizations"] if o["slug"] == slug)
            body = {"institution": slug, "name": name, "nkeys": [nkey]}
            await doors.post("exchange", "/v1/partners", body)
            jwk = {"jwk": key.as_dict(private=False)}
            await doors.post("exchange", f"/v1/partners/{slug}/keys", jwk)
        for one in self._facts["licences"]:
            named = ("producer", "label", "text", "vintage", "threshold", "institutions")
            body = {"licence": one["slug"], **{name: one[name] for name in named}}
            await doors.post("members", f"{doors.here}/licences", body)
        for one in self._facts["sharing_agreements"]:
            await doors.post("members", f"{doors.here}/agreements", _agreement(one))
            signed = {"signed_on": one["signed_on"]}
            await doors.post("members", f"/v1/agreements/{one['id']}/sign", signed)

    def _client_key(self, institution: str) -> Path:
        return self._folder.signing_key(f"client-{institution}")

    async def _know_territory(self, doors: Doors) -> None:
        source = self._facts["sources"]["cog"]
        await doors.post(
            "diagnostics",
            f"{doors.here}/communes",
            {
                "source": source["label"],
                "vintage": source["vintage"],
                "communes": [
                    {
                        "code": row["code"],
                        "name": row["name"],
                        "population": int(row["population"]),
                        "longitude": float(row["longitude"]),
                        "latitude": float(row["latitude"]),
                    }
                    for row in self._communes
                ],
            },
        )
        ifn = self._facts["sources"]["ifn"]
        for column, label in INDICATORS.items():
            await doors.post(
                "diagnostics",
                f"{doors.here}/indicators",
                {
                    "indicator": column,
                    "label": label,
                    "unit": "score de 0 à 10",
                    "source": ifn["producer"],
                    "licence": ifn["licence"],
                    "vintage": ifn["vintage"],
                    "observations": [
                        {"commune": row["code"], "value": row[column] or None}
                        for row in self._communes
                    ],
                },
            )
        self._say(f"{len(self._communes)} communes et leur indice de fragilité numérique.")

    async def _decide(self, doors: Doors) -> None:
        for one in self._facts["action_sheets"]:
            sheet = {
                "action": one["slug"],
                **{
                    name: one[name]
                    for name in (
                        *("number", "title", "category", "leads", "territories", "publics"),
                        "budget_cents",
                    )
                },
            }
            found = await doors.post("roadmap", f"{doors.here}/action-sheets", sheet)
            step = {"to": "VALIDATED", "on": one["validated_on"], "decision": one["decision"]}
            if found["state"] == "PROPOSED":
                await doors.post("roadmap", f"/v1/action-sheets/{found['id']}/transitions", step)
        for one in self._facts["opinions"]:
            body = {name: one[name] for name in ("id", "title", "adopted_on", "awards")}
            await doors.post("members", f"{doors.here}/opinions", {**body, "mode": "consensus"})
        for one in self._facts["funder_decisions"]:
            named = (
                *("id", "funder", "body", "reference", "decided_on", "enforceable_since"),
                "awards",
            )
            body = {name: one[name] for name in named}
            await doors.post("members", f"{doors.here}/funder-decisions", body)

    async def _fund(self, doors: Doors) -> None:
        for one in self._facts["funders"]:
            body = {name: one[name] for name in ("name", "level", "legal_nature")}
            await doors.put("funding", f"{doors.here}/funders/{one['slug']}", body)
        for one in self._facts["funds"]:
            kept = ("funder", "custody", "mode", "restriction", "valid_from", "valid_until")
            body = {"name": one["label"], **{name: one[name] for name in kept}}
            await doors.put("funding", f"{doors.here}/funds/{one['slug']}", body)
            agreement = one["agreement"]
            named = ("amount_cents", "signed_on", "action", "reference")
            body = {"fund": one["slug"], **{name: agreement[name] for name in named}}
            await doors.put("funding", f"{doors.here}/funding-agreements/{agreement['id']}", body)
        transfers = list(self._transfers())
        await until(
            lambda: self._posted(doors, transfers), "les actes de la démonstration au budget"
        )
        self._say(f"{len(transfers)} actes au budget mutualisé, de la promesse à l'attribution.")

    async def _posted(self, doors: Doors, transfers: list[dict[str, Any]]) -> bool:
        """Post the acts; those that wait for a fact of another service are posted again."""
        answers = await doors.post("funding", f"{doors.here}/transfers", transfers)
        refused = [one for one in answers if one["status"] == "refused"]
        lasting = [one for one in refused if one["code"] not in WAITS_FOR_FACTS]
        if lasting and not [one for one in refused if one not in lasting]:
            raise DemonstrationFailed(f"Le budget refuse : {lasting[0]['detail']}")
        return not refused

    def _transfers(self) -> Iterable[dict[str, Any]]:
        opinion = self._facts["opinions"][0]["id"]
        decisions = {one["funder"]: one["id"] for one in self._facts["funder_decisions"]}
        steps: tuple[tuple[str, str], ...] = (
            ("pledge", "promised"),
            ("notify", "notified"),
            ("agree", "agreed"),
            ("receive", "received"),
            ("earmark", "earmarked"),
            ("award", "awarded"),
        )
        for kind, stage in steps:
            for fund in self._facts["funds"]:
                if not fund[f"{stage}_cents"]:
                    continue
                told: dict[str, Any] = {
                    "id": str(uuid5(NAMESPACE, f"{fund['slug']}:{kind}")),
                    "kind": kind,
                    "fund": fund["slug"],
                    "amount_cents": fund[f"{stage}_cents"],
                    "effective_on": fund[f"{stage}_on"],
                }
                if kind == "agree":
                    told["agreement"] = fund["agreement"]["id"]
                if kind == "earmark":
                    told["purpose"] = fund["agreement"]["action"]
                if kind == "receive":
                    told["tranche"] = fund["tranche"]
                if kind == "award":
                    told["action"] = fund["agreement"]["action"]
                    told["opinion"] = opinion
                    told["funder_decision"] = decisions[fund["funder"]]
                yield told

    async def _wait_open(self, doors: Doors) -> None:
        async def is_open() -> bool:
            found = await doors.get("exchange", f"{doors.here}/partners")
            ready = {one["institution"] for one in found["items"] if one["agreements"]}
            follows = [one for one in found["items"] if one["follows"]]
            points = (await doors.get("diagnostics", f"{doors.here}/map"))["points"]
            return (
                ready == set(INSTITUTIONS)
                and all(one["lag"] is not None for one in follows)
                and len(points) == len(self._communes)
                and all([await doors.rights_in_force(one) for one in INSTITUTIONS])
            )

        await until(is_open, "l'ouverture des échanges")

    async def _signal(self) -> None:
        """Publish each institution's signals over NATS, with its own key."""
        for institution, title, signals in (
            ("caf-31", "CAF (donnée publique CNAF 2021, par IRIS)", self._caf()),
            ("cpam-31", "CPAM (flux généré pour la démonstration)", self._cpam()),
            ("ccas-ramonville", "CCAS de Ramonville (besoin exprimé, fictif)", self._ccas()),
        ):
            own = credentials.load(self._folder.institutions / institution)
            events = [adapters.event_of(one, institution=institution) for one in signals]
            accepted, refused = await send(own, events)
            self._say(f"{title} : {accepted} signaux acceptés, {refused} refusés.")

    def _caf(self) -> list[Signal]:
        path = FACTS / self._facts["licences"][0]["file"]
        with path.open(encoding="utf-8", newline="") as file:
            found = list(adapters.cnaf_iris(file, licence=self._facts["licences"][0]["slug"]))
        return [one for one in found if not isinstance(one, Unreadable)]

    def _cpam(self) -> Sequence[Signal]:
        feed = self._facts["feeds"][0]
        agreement = UUID(feed["agreement"])
        threshold = next(
            one["threshold"]
            for one in self._facts["sharing_agreements"]
            if one["id"] == feed["agreement"]
        )
        measures = [
            GeneratedMeasure(
                measure=one["code"],
                unit=Unit(one["unit"]),
                per_thousand_min=one["share_min_per_mille"],
                per_thousand_max=one["share_max_per_mille"],
            )
            for one in feed["measures"]
        ]
        populations = {row["code"]: int(row["population"]) for row in self._communes}
        return list(
            adapters.generated_feed(
                populations,
                measures,
                agreement=agreement,
                period=feed["period"],
                threshold=threshold,
                seed=feed["seed"],
            )
        )

    def _ccas(self) -> list[Signal]:
        hidden = {"label", "institution", "type"}
        return [
            msgspec.convert({k: v for k, v in one.items() if k not in hidden}, ReportedNeed)
            for one in self._facts["reported_needs"]
        ]

    def ready_document(self, stack: Stack) -> dict[str, object]:
        """Return what programs nobody here wrote need to join."""
        institutions = {}
        for slug in INSTITUTIONS:
            told = stack.institution_document(slug, self.slug)
            institutions[slug] = {
                name: told[name]
                for name in ("nkey_seed_file", "inbox_prefix", "stream", "durables", "publish")
            } | {
                "folder": str(self._folder.institutions / slug),
                "client_key_file": str(self._client_key(slug)),
            }
        organizations = {
            Role.DATA_OFFICER: "caf-31",
            Role.REFERRER: "ccas-ramonville",
            Role.MEMBER: "la-poste",
            Role.FUNDER: "departement-31",
        }
        offered = (
            *(Role.COORDINATOR, Role.SECRETARY, Role.ELECTED, Role.MEMBER, Role.FUNDER),
            *(Role.DATA_OFFICER, Role.REFERRER, Role.OBSERVER),
        )
        return {
            "coordination": self.slug,
            "services": {name: self._ports.url(name) for name in self._ports.services},
            "nats": {"url": self._ports.nats_url, "monitor": self._ports.monitor_url},
            "ca_file": self._ports.door.ca_file,
            "institutions": institutions,
            "tokens": {
                role.value: token(
                    self._folder,
                    role,
                    coordination=self.slug,
                    organization=organizations.get(role),
                    minutes=READY_TOKEN_MINUTES,
                )
                for role in offered
            },
        }


def _given(one: dict[str, Any], **names: str) -> dict[str, Any]:
    return {name: one[key] for name, key in names.items() if key in one}


def _agreement(one: dict[str, Any]) -> dict[str, Any]:
    named = (
        *("id", "institution", "reference", "parties", "legal_basis", "health_data", "purposes"),
        *("publishes", "receives", "areas", "threshold", "valid_from", "valid_until"),
        "retention_months",
    )
    return {name: one[name] for name in named}
