"""What a sharing agreement must say, and the French its parties read before they sign."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts import privacy
from contracts.http import members as bodies
from contracts.http.members import AgreementState
from contracts.http.members.agreements import GdprRole, SharingTier
from contracts.http.members.processing import AlertLevel
from contracts.vocabulary import VOCABULARY
from services.members.errors import HoldsPersonalData
from services.members.errors.sharing import HealthNeedsDpia, PartyIsNotThere, RoleIsMissing
from services.members.model.rows import Agreement
from services.members.model.rules import ALL_AREAS, must_name_once

ALERT_DAYS = {AlertLevel.DAYS_30: 30, AlertLevel.DAYS_90: 90}
ALERT_DAYS_MAX = max(ALERT_DAYS.values())
ROLES = {
    GdprRole.CONTROLLER: "responsable de traitement",
    GdprRole.JOINT_CONTROLLER: "responsable conjoint du traitement",
    GdprRole.PROCESSOR: "sous-traitant",
}
TIERS = {
    SharingTier.PUBLIC: "valeurs arrondies, que chacun peut lire",
    SharingTier.AGREEMENT: "valeurs exactes, réservées aux parties et aux destinataires",
}
STATES = {
    AgreementState.DRAFT: "projet",
    AgreementState.SIGNED: "en vigueur",
    AgreementState.SUSPENDED: "suspendue",
    AgreementState.ENDED: "terminée",
}
TYPES = {
    "fr.ctin.signals.exposure_count.v1": "nombres de personnes exposées",
    "fr.ctin.signals.reported_need.v1": "besoins rencontrés",
    "fr.ctin.diagnostics.area_updated.v1": "mises à jour du diagnostic d'une commune",
    "fr.ctin.diagnostics.diagnostic_published.v1": "versions du diagnostic",
}
CONTACT = frozenset({privacy.Kind.EMAIL, privacy.Kind.PHONE})
"""What the contact of an officer is made of; it is told to nobody else."""
_NOT_SAID = "non précisé"


def draft_of(coordination: str, agreement_id: UUID, asked: bodies.DraftAgreement) -> Agreement:
    """Return the row of a draft."""
    told = {one.party: one.role.value for one in asked.party_roles}
    return Agreement(
        coordination=coordination,
        agreement_id=agreement_id,
        institution=asked.institution,
        reference=asked.reference,
        parties=asked.parties,
        legal_basis=asked.legal_basis,
        health_data=asked.health_data,
        purposes=asked.purposes,
        publishes=asked.publishes,
        receives=asked.receives,
        areas=asked.areas,
        threshold=asked.threshold,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
        retention_months=asked.retention_months,
        file_sha256=asked.file_sha256,
        state=AgreementState.DRAFT.value,
        signed_on=None,
        end_reason=None,
        party_roles=[told[party] for party in asked.parties] if told else [],
        legal_text=asked.legal_text,
        persons_categories=asked.persons_categories,
        data_categories=asked.data_categories,
        fields=asked.fields,
        tier=asked.tier.value,
        recipients=asked.recipients,
        dpia_reference=asked.dpia_reference,
        register_reference=asked.register_reference,
        dpo_parties=[one.party for one in asked.dpo_contacts],
        dpo_contacts=[one.contact for one in asked.dpo_contacts],
        suspend_reason=None,
        summary_sha256=None,
        signed_parties=[],
        signed_days=[],
    )


def must_be_complete(asked: bodies.DraftAgreement) -> None:
    """Refuse roles and contacts that do not fit the parties, and persons' data in the texts.

    Raises:
        PartyIsNotThere: a role or a contact is of nobody that signs.
        RoleIsMissing: some parties have a role and another has none.
        HoldsPersonalData: a text holds what looks like a person's data; a contact may hold an
            e-mail and a telephone, nothing else.
        ValueRepeats: a list names something twice.
    """
    told = {
        "party_roles": [one.party for one in asked.party_roles],
        "dpo_contacts": [one.party for one in asked.dpo_contacts],
    }
    for field, named in told.items():
        must_name_once(field, named)
        for party in named:
            if party not in asked.parties:
                raise PartyIsNotThere(field, party)
    missing = set(asked.parties) - set(told["party_roles"])
    if told["party_roles"] and missing:
        raise RoleIsMissing(min(missing))
    texts: dict[str, Sequence[str]] = {
        field: getattr(asked, field)
        for field in ("persons_categories", "data_categories", "fields", "recipients")
    }
    for field, listed in texts.items():
        must_name_once(field, listed)
        for found in privacy.scan("\n".join(listed)):
            raise HoldsPersonalData(field, found.kind.value)
    for one in asked.dpo_contacts:
        for found in privacy.scan(one.contact):
            if found.kind not in CONTACT:
                raise HoldsPersonalData("dpo_contacts", found.kind.value)


def must_be_signable(row: Agreement) -> None:
    """Refuse to put in force what shares health data without an impact assessment.

    Raises:
        HealthNeedsDpia: its reference is missing.
    """
    if row.health_data and row.dpia_reference is None:
        raise HealthNeedsDpia(row.agreement_id)


def alert_of(valid_until: date, *, today: date) -> tuple[AlertLevel, int] | None:
    """Return how near the last day of an agreement is and the days left, None when it is far."""
    left = (valid_until - today).days
    if left < 0:
        return AlertLevel.OVER, left
    for level, days in ALERT_DAYS.items():
        if left <= days:
            return level, left
    return None


def alert_said(reference: str, level: AlertLevel, left: int) -> str:
    """Return what an alert tells a coordinator, and what to do."""
    if level is AlertLevel.OVER:
        return (
            f"La convention {reference} n'ouvre plus rien depuis {-left} jour(s) ; "
            "mettez-y fin ou signez la suivante."
        )
    when = f"dans {left} jour(s)" if left else "aujourd'hui"
    return f"La convention {reference} prend fin {when} ; préparez la suivante."


def shared_of(row: Agreement) -> list[str]:
    """Return in French what an agreement shares, sent and delivered."""
    sent = [f"envoyé : {TYPES.get(one, one)}" for one in row.publishes]
    return [*sent, *(f"reçu : {TYPES.get(one, one)}" for one in row.receives)]


def areas_of(row: Agreement) -> str:
    """Return in French where an agreement holds."""
    return "toute la coordination" if row.areas == [ALL_AREAS] else ", ".join(row.areas)


def purposes_of(row: Agreement) -> list[str]:
    """Return in French what an agreement shares for."""
    return [VOCABULARY.purposes.get(one, one) for one in row.purposes]


def roles_of(row: Agreement) -> Mapping[str, str]:
    """Return in French what each party is for the data, where that was agreed."""
    pairs = zip(row.parties, row.party_roles, strict=bool(row.party_roles))
    return {party: ROLES[GdprRole(role)] for party, role in pairs}


def contacts_of(row: Agreement) -> list[str]:
    """Return how to reach the data protection officer of each party that has one."""
    pairs = zip(row.dpo_parties, row.dpo_contacts, strict=True)
    return [f"{party} : {contact}" for party, contact in pairs]


def said_day(day: date) -> str:
    """Return a day as a French reader writes it."""
    return f"{day:%d/%m/%Y}"


def hashed(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def summary_of(row: Agreement, *, coordination: str, names: Mapping[str, str]) -> str:
    """Return what the parties read before they sign, in Markdown.

    The same agreement always gives the same text, whatever its state: neither the day nor who
    signed is in it. `names` are those of the organisations that are known.
    """
    roles = roles_of(row)
    parties = [
        f"{names.get(one, one)} ({one}) : {roles.get(one, 'rôle au sens du RGPD ' + _NOT_SAID)}"
        for one in row.parties
    ]
    health = "oui" if row.health_data else "non"
    lines = [
        f"# Convention de partage {row.reference}",
        "",
        f"- coordination : {coordination} ({row.coordination})",
        f"- institution : {names.get(row.institution, row.institution)} ({row.institution})",
        *_section("Parties", parties),
        *_section("Finalités", purposes_of(row)),
        *_section("Base légale", [row.legal_basis, *([row.legal_text] if row.legal_text else [])]),
        *_section("Données partagées", shared_of(row)),
        f"- champs : {', '.join(row.fields) or 'tous ceux du contrat'}",
        f"- catégories de données : {', '.join(row.data_categories) or _NOT_SAID}",
        f"- personnes concernées : {', '.join(row.persons_categories) or _NOT_SAID}",
        f"- données de santé : {health}",
        f"- territoire : {areas_of(row)}",
        f"- précision : {TIERS[SharingTier(row.tier)]}",
        f"- plus petit nombre transmis, zéro excepté : {row.threshold}",
        *_section("Destinataires", row.recipients),
        *_section(
            "Durées",
            [
                f"du {said_day(row.valid_from)} au {said_day(row.valid_until)} inclus",
                f"données conservées {row.retention_months} mois",
            ],
        ),
        *_section("Délégués à la protection des données", contacts_of(row)),
        *_section(
            "Références",
            [
                f"analyse d'impact : {row.dpia_reference or _NOT_SAID}",
                f"registre des traitements : {row.register_reference or _NOT_SAID}",
            ],
        ),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {one}" for one in items or [_NOT_SAID])]
