"""Kinds of actors against the national typologies."""

import pytest

from contracts.http.members.organizations import OrganizationKind
from contracts.values import College
from services.members.model.kinds import KINDS, kind_said, usual_college

MEDNUM = frozenset(
    [
        "ACI",
        "ACIPHC",
        "AFPA",
        "AI",
        "ASE",
        "ASSO",
        "ASSO_CHOMEUR",
        "Autre",
        "AVIP",
        "BIB",
        "CAARUD",
        "CADA",
        "CAF",
        "CAP_EMPLOI",
        "CAVA",
        "CC",
        "CCAS",
        "CCONS",
        "CD",
        "CDAS",
        "CFP",
        "CHRS",
        "CHU",
        "CIAS",
        "CIDFF",
        "CITMET",
        "CMP",
        "CMS",
        "CPAM",
        "CPH",
        "CS",
        "CSAPA",
        "CSC",
        "DEETS",
        "DEPT",
        "DIPLP",
        "E2C",
        "EA",
        "EATT",
        "EI",
        "EITI",
        "ENM",
        "EPCI",
        "EPI",
        "EPIDE",
        "EPN",
        "ES",
        "ESAT",
        "ESS",
        "ETTI",
        "EVS",
        "FABLAB",
        "FABRIQUE",
        "FAIS",
        "FT",
        "GEIQ",
        "HUDA",
        "LA_POSTE",
        "MDE",
        "MDH",
        "MDEF",
        "MDPH",
        "MDS",
        "MJC",
        "ML",
        "MQ",
        "MSA",
        "MSAP",
        "MUNI",
        "OACAS",
        "ODC",
        "OF",
        "OIL",
        "OPCS",
        "PAD",
        "PENSION",
        "PI",
        "PIJ_BIJ",
        "PIMMS",
        "PJJ",
        "PLIE",
        "PREF",
        "PREVENTION",
        "REG",
        "RELAIS_LECTURE",
        "RESSOURCERIE",
        "RFS",
        "RS_FJT",
        "SCP",
        "SPIP",
        "TIERS_LIEUX",
        "UDAF",
    ]
)
DATA_INCLUSION = frozenset(
    [
        "caf",
        "cpam",
        "mutualite-sociale-agricole",
        "france-travail",
        "la-poste",
        "ccas-cias",
        "communes",
        "departements",
        "regions",
        "espaces-publics-numeriques",
        "conseillers-numeriques",
        "aidants-connect",
        "france-service",
        "fcsf",
        "mjc",
        "emmaus",
        "mission-locale",
        "pimms-mediation",
        "mdph",
    ]
)

# what is written | kind | usual college
SAID = """
    CAF                               | CAF             | INSTITUTIONAL
    caisse d’allocations familiales   | CAF             | INSTITUTIONAL
    CPAM                              | CPAM            | INSTITUTIONAL
    carsat                            | CARSAT          | INSTITUTIONAL
    Pôle emploi                       | FRANCE_TRAVAIL  | INSTITUTIONAL
    france-travail                    | FRANCE_TRAVAIL  | INSTITUTIONAL
    FT                                | FRANCE_TRAVAIL  | INSTITUTIONAL
    Département                       | DEPARTMENT      | INSTITUTIONAL
    DEPT                              | DEPARTMENT      | INSTITUTIONAL
    Hub                               | HUB             | INSTITUTIONAL
    mairie                            | COMMUNE         | INSTITUTIONAL
    Université                        | ACADEMIC        | INSTITUTIONAL
    La Poste                          | LA_POSTE        | PRIVATE
    la-poste                          | LA_POSTE        | PRIVATE
    Banque                            | BANK            | PRIVATE
    mutuelle                          | MUTUAL_INSURER  | PRIVATE
    artisan                           | MERCHANT        | PRIVATE
    ESS                               | SOCIAL_ECONOMY  | DIGITAL_MEDIATION
    association                       | ASSOCIATION     | DIGITAL_MEDIATION
    médiathèque                       | LIBRARY         | DIGITAL_MEDIATION
    TIERS_LIEUX                       | THIRD_PLACE     | DIGITAL_MEDIATION
    Tiers-lieu                        | THIRD_PLACE     | DIGITAL_MEDIATION
    centre social                     | SOCIAL_CENTRE   | DIGITAL_MEDIATION
    habitants                         | CITIZEN         | DIGITAL_MEDIATION
    aidants familiaux                 | FAMILY_CARER    | DIGITAL_MEDIATION
    CIAS                              | CCAS            | DIGITAL_MEDIATION
    Écrivain public                   | ECRIVAIN_PUBLIC | -
    3D                                | -               | -
    …                                 | -               | -
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_what_is_written_says_a_kind_and_its_usual_college(line):
    written, kind, college = (part.strip() for part in line.split("|"))

    said = kind_said(written)

    assert (said or "-") == kind
    usual = usual_college(said) if said else None
    assert (usual.value if usual else "-") == college


def test_every_kind_is_mapped_onto_codes_that_exist_each_once():
    assert set(KINDS) == set(OrganizationKind)
    codes = [code for one in KINDS.values() for code in one.mednum]
    assert len(codes) == len(set(codes))
    assert set(codes) <= MEDNUM
    shared = [one.data_inclusion for one in KINDS.values() if one.data_inclusion]
    assert len(shared) == len(set(shared))
    assert set(shared) <= DATA_INCLUSION


def test_every_college_has_kinds():
    assert {one.college for one in KINDS.values()} == set(College)


def test_a_code_that_nobody_mapped_is_a_kind_of_its_own():
    assert {kind_said(code) for code in MEDNUM} >= {"GEIQ", "SPIP", "UDAF"}
    assert all(kind_said(code) for code in MEDNUM)
