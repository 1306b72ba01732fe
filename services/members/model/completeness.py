"""Which actors a coordination is expected to gather."""

from collections.abc import Iterable

import msgspec

from contracts.http.members.membership import ActorRole, Completeness, KindsOfCollege
from contracts.values import College
from services.members.model.seats import KindThere


class Expected(msgspec.Struct, frozen=True):
    """An actor that a college should hold: its name in French and the kinds that stand for it."""

    name: str
    college: College
    kinds: frozenset[str]


EXPECTED = (
    Expected("La Poste", College.PRIVATE, frozenset({"LA_POSTE"})),
    Expected("une banque", College.PRIVATE, frozenset({"BANK"})),
    Expected("une mutuelle ou un assureur", College.PRIVATE, frozenset({"MUTUAL_INSURER"})),
    Expected(
        "une association ou une structure de l'ESS",
        College.DIGITAL_MEDIATION,
        frozenset({"ASSOCIATION", "ASSO", "ESS"}),
    ),
    Expected(
        "un lieu de médiation",
        College.DIGITAL_MEDIATION,
        frozenset({"SOCIAL_CENTRE", "CS", "CSC", "EPN", "EVS", "TIERS_LIEUX", "MJC", "BIB"}),
    ),
    Expected("des citoyens", College.DIGITAL_MEDIATION, frozenset({"CITIZEN"})),
    Expected("la CAF", College.INSTITUTIONAL, frozenset({"CAF"})),
    Expected("la CPAM", College.INSTITUTIONAL, frozenset({"CPAM"})),
    Expected("la CARSAT", College.INSTITUTIONAL, frozenset({"CARSAT"})),
    Expected("France Travail", College.INSTITUTIONAL, frozenset({"FRANCE_TRAVAIL", "FT"})),
    Expected("le département", College.INSTITUTIONAL, frozenset({"DEPARTMENT", "DEPT", "CD"})),
    Expected("un hub", College.INSTITUTIONAL, frozenset({"HUB"})),
)
"""The actors that the first coordinations named, college by college; a default, not a rule."""
ROLES: dict[ActorRole, tuple[str, frozenset[str]]] = {
    ActorRole.BENEFICIARY: ("les bénéficiaires", frozenset({"CITIZEN"})),
    ActorRole.REFERRER: (
        "les prescripteurs",
        frozenset({"CAF", "CPAM", "CARSAT", "FRANCE_TRAVAIL", "FT", "MSA", "CCAS", "CIAS", "ML"}),
    ),
    ActorRole.OPERATOR: (
        "les opérateurs",
        frozenset({"ASSOCIATION", "ASSO", "ESS", "LA_POSTE", "HUB"}),
    ),
    ActorRole.MEDIATION_PLACE: (
        "les lieux de médiation",
        frozenset(
            {"SOCIAL_CENTRE", "CS", "CSC", "EPN", "EVS", "TIERS_LIEUX", "MJC", "BIB", "CCAS"}
        ),
    ),
}


def completeness(found: Iterable[KindThere]) -> Completeness:
    """Return which expected actors have a confirmed member, and which have none.

    The first kind in the alphabet names an expected actor that several kinds stand for; members
    of the citizen section count as citizens whatever their kind.
    """
    there = {(one.college, "CITIZEN" if one.section else one.kind) for one in found}
    kinds = {kind for _, kind in there}
    colleges, details = [], []
    for college in College:
        wanted = [one for one in EXPECTED if one.college is college]
        gone = [one for one in wanted if not any((college, kind) in there for kind in one.kinds)]
        held = sorted(kind for where, kind in there if where == college)
        lacking = [min(one.kinds) for one in gone]
        colleges.append(KindsOfCollege(college=college, there=held, missing=lacking))
        details += [f"Aucun membre confirmé n'est {one.name} ({college.value})." for one in gone]
    missing_roles = [role for role, (_, played) in ROLES.items() if kinds.isdisjoint(played)]
    details += [f"Personne ne représente {ROLES[role][0]}." for role in missing_roles]
    return Completeness(
        complete=not details, colleges=colleges, missing_roles=missing_roles, details=details
    )
