"""What seats, agreements and acts must be."""

from datetime import date

import msgspec
import pytest

from contracts.http.members import AgreementState, ConfirmMember, DraftAgreement
from services.members import errors, model

COMMUNES = ["31446", "31582"]
SEAT = {
    "organization": "ag2r",
    "name": "AG2R La Mondiale",
    "kind": "MUTUAL_INSURER",
    "college": "PRIVATE",
    "effective_on": "2026-01-01",
}
DRAFT = {
    "institution": "cpam-31",
    "reference": "FICTIF-2025-PARTAGE-01",
    "parties": ["sicoval", "cpam-31"],
    "legal_basis": "RGPD, article 6, 1, e",
    "purposes": ["shared_diagnostic"],
    "areas": ["_all"],
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
}


def seat(**changed):
    return msgspec.convert({**SEAT, **changed}, ConfirmMember)


def draft(**changed):
    return msgspec.convert({**DRAFT, **changed}, DraftAgreement)


def test_citizens_sit_with_digital_mediation():
    model.must_sit(seat(section="CITIZEN", college="DIGITAL_MEDIATION"))
    with pytest.raises(errors.SectionIsElsewhere):
        model.must_sit(seat(section="CITIZEN", college="PRIVATE"))


def test_citizens_have_no_siret():
    asked = seat(section="CITIZEN", college="DIGITAL_MEDIATION", siret="73282932000074")
    with pytest.raises(errors.CitizensHaveNoSiret):
        model.must_sit(asked)


def test_a_wrong_siret_is_kept_with_a_doubt():
    assert model.organization_of(seat(siret="73282932000079")).siret_is_doubtful
    assert not model.organization_of(seat(siret="73282932000074")).siret_is_doubtful
    assert not model.organization_of(seat()).siret_is_doubtful


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"valid_until": "2025-12-31"}, errors.DaysAreReversed, "valid_until"),
        ({"parties": ["sicoval", "caf-31"]}, errors.InstitutionIsNotParty, "parties"),
        ({"parties": ["cpam-31", "cpam-31"]}, errors.ValueRepeats, "parties"),
        ({"areas": ["_all", "31446"]}, errors.AreasDoNotFit, "areas"),
        ({"areas": ["31555"]}, errors.AreasDoNotFit, "areas"),
        ({"areas": ["31446", "31446"]}, errors.ValueRepeats, "areas"),
        (
            {"publishes": ["fr.ctin.diagnostics.area_updated.v1"]},
            errors.TypeIsNotShared,
            "publishes",
        ),
        ({"receives": ["fr.ctin.signals.exposure_count.v1"]}, errors.TypeIsNotShared, "receives"),
        ({"receives": ["fr.ctin.funding.block_posted.v1"]}, errors.TypeIsNotShared, "receives"),
    ],
)
def test_an_agreement_opens_only_what_can_be_opened(changed, refusal, field):
    with pytest.raises(refusal) as refused:
        model.must_open(draft(**changed), COMMUNES)

    assert refused.value.field == field


def test_an_agreement_of_one_day_over_some_communes_is_right():
    asked = draft(valid_until="2026-01-01", areas=["31446"])

    model.must_open(asked, COMMUNES)


def test_a_decision_binds_from_its_own_day_at_the_earliest():
    model.must_follow(date(2026, 4, 2), date(2026, 4, 2), field="enforceable_since")
    with pytest.raises(errors.DaysAreReversed):
        model.must_follow(date(2026, 4, 2), date(2026, 4, 1), field="enforceable_since")


@pytest.mark.parametrize("control", ["\n", "\0", "\x7f", "\u2028"])
def test_a_name_holds_no_control_character(control):
    with pytest.raises(errors.TextIsNotPlain):
        model.must_be_plain(seat(name=f"AG2R{control}"), "name")


def test_a_slug_that_ends_with_a_line_feed_is_refused_though_its_pattern_admits_it():
    with pytest.raises(errors.TextIsNotPlain):
        model.must_be_plain(seat(organization="ag2r\n"), "name")


def test_french_spaces_and_quotes_are_plain():
    model.must_be_plain(seat(name="Maison «\u00a0France\u202fservices\u00a0» d'Œuvre"), "name")


@pytest.mark.parametrize(
    "personal", ["m.dupont@example.org", "06 12 34 56 78", "2 95 10 99 126 111 93"]
)
def test_a_name_holds_no_personal_data(personal):
    with pytest.raises(errors.HoldsPersonalData) as refused:
        model.must_be_plain(seat(name=f"AG2R {personal}"), "name")

    assert personal not in str(refused.value)


OPEN = {
    ("DRAFT", "SIGNED"),
    ("SIGNED", "ENDED"),
    ("SIGNED", "SUSPENDED"),
    ("SUSPENDED", "SIGNED"),
    ("SUSPENDED", "ENDED"),
}


@pytest.mark.parametrize("state", AgreementState)
@pytest.mark.parametrize("to", AgreementState)
def test_an_agreement_moves_only_along_its_steps(state, to):
    assert model.is_open(state, to) is ((state, to) in OPEN)
