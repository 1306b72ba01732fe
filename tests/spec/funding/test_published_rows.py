"""Rows of published files: which cell is mended, which row is refused, and for which reason."""

import pytest

from services.funding.model import estimates, grants

GOOD = {
    "nomAttribuant": "Département de Maine-et-Loire",
    "idAttribuant": "22490001900015",
    "dateConvention": "2018-07-23",
    "referenceDecision": "2018_06_CD_0070",
    "nomBeneficiaire": "Une association (fictive)",
    "idBeneficiaire": "35600000000048",
    "objet": "aide au fonctionnement",
    "montant": "33750.00",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2018-07-23/2019-06-30",
    "notificationUE": "non",
    "pourcentageSubvention": "1",
}
REFUSED = """
    idAttribuant           | 2,43E+13                  | E_SIRET   | un tableur l'a détruit
    idAttribuant           | 218601946                 | E_SIRET   | un SIREN n'est pas un SIRET
    idAttribuant           |                           | E_MISSING | la loi le demande
    idBeneficiaire         | 7,22009E+12               | E_SIRET   | un tableur l'a détruit
    idBeneficiaire         |                           | E_MISSING | ni SIRET ni RNA
    dateConvention         |                           | E_MISSING | la loi la demande
    dateConvention         | 2018-02-30                | E_DATE    | ce jour n'existe pas
    dateConvention         | 18/2018                   | E_DATE    | pas un jour
    montant                |                           | E_MISSING | rien à compter
    montant                | 1,234.50                  | E_AMOUNT  | deux signes décimaux
    montant                | 1.234                     | E_AMOUNT  | mille ou un euro vingt-trois ?
    montant                | -5                        | E_AMOUNT  | négatif
    montant                | 0                         | E_AMOUNT  | nul
    nature                 | mixte                     | E_FIELD   | hors de la liste
    objet                  |                           | E_MISSING | la loi le demande
    objet                  | écrire à a.b@exemple.fr   | E_FIELD   | une adresse de personne
    nomBeneficiaire        |                           | E_MISSING | personne
    rnaBeneficiaire        | W3222                     | E_FIELD   | neuf chiffres
"""
MENDED = """
    idAttribuant           | 224 900 019 000 15'    | funder_siret      | 22490001900015
    idBeneficiaire         | 35600000000048.0       | beneficiary_siret | 35600000000048
    dateConvention         | 23/07/2018             | agreed_on         | 2018-07-23
    montant                | 100 000,00             | amount_cents      | 10000000
    montant                | 33750.0                | amount_cents      | 3375000
    montant                | 12,5 €                 | amount_cents      | 1250
    nature                 | en numéraire           | nature            | aide en numéraire
    conditionsVersement    | UNIQUE                 | terms             | unique
    conditionsVersement    | Échelonné              | terms             | échelonné
    datesPeriodeVersement  | 2017-09-30_2021-06-30  | period            | 2017-09-30/2021-06-30
    datesPeriodeVersement  | 2018-11-20/fin         | period            | None
    nomAttribuant          | DÃ©partement           | funder_name       | Département
    nomAttribuant          | D<e9>partement         | funder_name       | Département
"""


def rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("column", "typed", "code", "because"), rows(REFUSED))
def test_a_row_is_refused_by_column_with_the_reason(column, typed, code, because):
    grant, faults, _ = grants.read({**GOOD, column: typed})

    assert grant is None, because
    assert (faults[0].column, faults[0].code) == (column, code)
    assert faults[0].detail.endswith(".")


@pytest.mark.parametrize(("column", "typed", "field", "meant"), rows(MENDED))
def test_a_cell_is_mended_where_what_is_meant_is_certain(column, typed, field, meant):
    grant, faults, _ = grants.read({**GOOD, column: typed})

    assert faults == []
    assert str(getattr(grant, field)) == meant


def test_object_is_read_for_objet():
    told = {name: value for name, value in GOOD.items() if name != "objet"}

    grant, _, _ = grants.read({**told, "object": "aide"})

    assert grant.object == "aide"


def test_a_wrong_key_of_a_siret_is_a_doubt_and_the_grant_is_kept():
    grant, _, warnings = grants.read({**GOOD, "idBeneficiaire": "35600000000049"})

    assert grant.beneficiary_siret == "35600000000049"
    assert [(one.column, one.code) for one in warnings] == [("idBeneficiaire", "E_SIRET")]


def test_every_cell_at_fault_is_told():
    _, faults, _ = grants.read({**GOOD, "idAttribuant": "", "montant": "", "nature": ""})

    assert [one.column for one in faults] == ["idAttribuant", "montant", "nature"]


def cut(values, column):
    """The row as it comes when the decimal comma of `column` was taken for a separator."""
    cells = []
    for name, value in values.items():
        cells += value.split(",") if name == column else [value]
    return dict(zip(values, cells, strict=False)), cells[len(values) :]


def test_an_amount_cut_by_its_comma_is_put_together_only_where_it_is_certain():
    row, surplus = cut({**GOOD, "montant": "24\u00a0975,50"}, "montant")

    assert grants.mend_split_amount(row, surplus)["montant"] == "24\u00a0975,50"
    assert grants.read(grants.mend_split_amount(row, surplus))[0].amount_cents == 2_497_550
    assert grants.mend_split_amount(row, [*surplus, "x"]) is None
    assert grants.mend_split_amount({**row, "conditionsVersement": "mixte"}, surplus) is None
    other, more = cut({**GOOD, "objet": "aide, fonctionnement"}, "objet")
    assert grants.mend_split_amount(other, more) is None


POST = {
    "Raison sociale": "COMMUNE FICTIVE",
    "Commune INSEE": "Bourg-en-Bresse",
    "Nombre de conseillers validés par le COSELEC": "6",
    "Date de validation en comité de sélection": "22/02/2022",
    "Type": "publique",
    "SIRET": "25010021100011",
    "Code département": "1",
    "Code commune INSEE": "1053",
    "Investissement financier estimatif total de l’Etat": "332573",
}


def test_a_post_s_estimate_is_rounded_once_on_the_product():
    found, faults, _ = estimates.read(POST)

    assert faults == []
    assert (found.posts, found.estimated_cents) == (6, 33_257_300)
    assert (found.grant_cents, found.never_received_cents) == (30_000_000, 3_257_300)
    assert (found.commune, found.department) == ("01053", "01")


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        (estimates.EUROS, "332574", "E_AMOUNT"),
        (estimates.EUROS, "332574,50", "E_FIELD"),
        (estimates.POSTS, "5", "E_AMOUNT"),
        (estimates.POSTS, "0", "E_FIELD"),
        ("Type", "mixte", "E_FIELD"),
        ("Type", "privée", "E_AMOUNT"),
        ("Raison sociale", "", "E_MISSING"),
        ("Date de validation en comité de sélection", "hier", "E_DATE"),
    ],
)
def test_posts_and_euros_that_contradict_each_other_are_refused(column, typed, code):
    found, faults, _ = estimates.read({**POST, column: typed})

    assert found is None
    assert faults[0].code == code


@pytest.mark.parametrize(
    ("column", "typed", "field", "kept"),
    [
        ("SIRET", "null", "host_siret", None),
        ("SIRET", "25010021100012", "host_siret", None),  # Dragged down: the key says so.
        ("SIRET", "25010021100011.0", "host_siret", "25010021100011"),
        ("Code département", "69", "department", "01"),
        ("Code commune INSEE", "", "commune", None),
    ],
)
def test_a_doubt_about_a_body_or_a_place_is_told_and_the_posts_count(column, typed, field, kept):
    found, _, warnings = estimates.read({**POST, column: typed})

    assert getattr(found, field) == kept
    assert column in [one.column for one in warnings]


def test_the_largest_part_of_the_unit_is_a_grant_and_the_rest_is_never_received():
    for rate in estimates.RATES:
        assert 0 < rate.unit - rate.grant_euros * 10_000 < 60_000_000
    assert estimates.RATES[3].unit - 500_000_000 == 54_288_267
