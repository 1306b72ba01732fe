"""Which actors a coordination is expected to gather."""

from collections.abc import Iterable

import msgspec

from contracts.http.members.membership import ActorRole, Completeness, KindsOfCollege
from contracts.http.members.organizations import OrganizationKind as Kind
from contracts.values import College
from services.members.model.kinds import kind_said
from services.members.model.seats import KindThere


class Expected(msgspec.Struct, frozen=True):
    """An actor that a college should hold: its name in French and the kinds that stand for it."""

    name: str
    college: College
    kinds: frozenset[Kind]


PLACES = frozenset(
    {
        Kind.SOCIAL_CENTRE,
        Kind.DIGITAL_PUBLIC_SPACE,
        Kind.LOCAL_SOCIAL_SPACE,
        Kind.THIRD_PLACE,
        Kind.FABLAB,
        Kind.YOUTH_CENTRE,
        Kind.LIBRARY,
    }
)
ASSOCIATIONS = frozenset({Kind.ASSOCIATION, Kind.SOCIAL_ECONOMY})
EXPECTED = (
    Expected("La Poste", College.PRIVATE, frozenset({Kind.LA_POSTE})),
    Expected("une banque", College.PRIVATE, frozenset({Kind.BANK})),
    Expected("une mutuelle", College.PRIVATE, frozenset({Kind.MUTUAL_INSURER})),
    Expected("une association ou de l'ESS", College.DIGITAL_MEDIATION, ASSOCIATIONS),
    Expected("un lieu de médiation", College.DIGITAL_MEDIATION, PLACES),
    Expected("un groupe d'habitants", College.DIGITAL_MEDIATION, frozenset({Kind.CITIZEN})),
    Expected("la CAF", College.INSTITUTIONAL, frozenset({Kind.CAF})),
    Expected("la CPAM", College.INSTITUTIONAL, frozenset({Kind.CPAM})),
    Expected("la CARSAT", College.INSTITUTIONAL, frozenset({Kind.CARSAT})),
    Expected("France Travail", College.INSTITUTIONAL, frozenset({Kind.FRANCE_TRAVAIL})),
    Expected("le département", College.INSTITUTIONAL, frozenset({Kind.DEPARTMENT})),
    Expected("un hub", College.INSTITUTIONAL, frozenset({Kind.HUB})),
)
"""The actors that the first coordinations named, college by college; a default, not a rule."""
ROLES: dict[ActorRole, tuple[str, frozenset[Kind]]] = {
    ActorRole.BENEFICIARY: ("les bénéficiaires", frozenset({Kind.CITIZEN, Kind.FAMILY_CARER})),
    ActorRole.REFERRER: (
        "les prescripteurs",
        frozenset(
            {
                Kind.CAF,
                Kind.CPAM,
                Kind.CARSAT,
                Kind.FRANCE_TRAVAIL,
                Kind.MSA,
                Kind.CCAS,
                Kind.LOCAL_MISSION,
                Kind.DEPARTMENT,
            }
        ),
    ),
    ActorRole.OPERATOR: (
        "les opérateurs",
        ASSOCIATIONS | {Kind.LA_POSTE, Kind.HUB, Kind.FRANCE_SERVICES, Kind.ADULT_TRAINING},
    ),
    ActorRole.MEDIATION_PLACE: ("les lieux de médiation", PLACES | {Kind.CCAS}),
}


def completeness(found: Iterable[KindThere]) -> Completeness:
    """Return which expected actors have a confirmed member, and which have none.

    National codes are read as the kinds they say. The first kind in the alphabet names an expected
    actor that several stand for; who sits in the citizen section counts as citizens.
    """
    there = {(one.college, _kind(one)) for one in found}
    kinds = {kind for _, kind in there}
    colleges, details = [], []
    for college in College:
        wanted = [one for one in EXPECTED if one.college is college]
        gone = [one for one in wanted if not any((college, kind) in there for kind in one.kinds)]
        held = sorted(kind for where, kind in there if where == college)
        lacking = [min(one.kinds).value for one in gone]
        colleges.append(KindsOfCollege(college=college, there=held, missing=lacking))
        details += [f"Aucun membre confirmé n'est {one.name} ({college.value})." for one in gone]
    missing_roles = [role for role, (_, played) in ROLES.items() if kinds.isdisjoint(played)]
    details += [f"Personne ne représente {ROLES[role][0]}." for role in missing_roles]
    return Completeness(
        complete=not details, colleges=colleges, missing_roles=missing_roles, details=details
    )


def _kind(one: KindThere) -> str:
    return Kind.CITIZEN.value if one.section else kind_said(one.kind) or one.kind
