"""What the other services last answered, built from their contracts."""

from datetime import UTC, date, datetime
from uuid import UUID

from contracts.events.diagnostics import ExposureFigure, FigureStatus, IndicatorFigure, NeedFigure
from contracts.events.signals import Unit
from contracts.http.diagnostics import Area, MapData, MapPoint
from contracts.http.diagnostics.elements import (
    CitedFigure,
    Element,
    ElementCoverage,
    Elements,
    ElementState,
    FigureKind,
)
from contracts.http.diagnostics.visits import Tour, Tours
from contracts.http.exchange import (
    Partners,
    PartnerStatus,
    RecentSignal,
    RecentSignals,
    SignalStatus,
)
from contracts.http.funding import Custody, FunderLevel, FundFigures, Pool, Stages
from contracts.http.members import Coordination, Coordinations, Member, Members, MemberState
from contracts.http.roadmap import ActionSheet, ActionSheets, SheetState
from contracts.values import AreaKind, College, TerritoryLevel
from services.portal.reads import ANYONE
from services.portal.reads.peers import Peer, Peers

AT = datetime(2026, 5, 20, 12, 32, tzinfo=UTC)
STAGES = Stages(
    promised=500_000, notified=2_200_000, available=833_333, earmarked=3_233_334, awarded=8_483_333
)
REACHED = Stages(
    promised=15_250_000,
    notified=14_750_000,
    available=12_550_000,
    earmarked=11_716_667,
    awarded=8_483_333,
)
SICOVAL = Coordination(
    slug="sicoval",
    name="CTIN du Sicoval",
    level=TerritoryLevel.EPCI,
    siren="243100633",
    communes=["31113", "31446", "31582"],
)
POOL = Pool(
    as_of=None,
    stages=STAGES,
    reached=REACHED,
    received=1_950_000,
    left=4_066_667,
    funding_gap=3_450_000,
    funds=[
        FundFigures(
            id="fund-etat-conseiller",
            name="Second poste de conseiller <numérique> (fictif)",
            funder="etat",
            funder_name="État",
            level=FunderLevel.STATE,
            custody=Custody.HOST_BUDGET,
            stages=Stages(earmarked=2_500_000, awarded=1_750_000),
            reached=Stages(
                promised=4_250_000,
                notified=4_250_000,
                available=4_250_000,
                earmarked=4_250_000,
                awarded=1_750_000,
            ),
            received=0,
            left=2_500_000,
        )
    ],
)


def _point(commune: str, name: str, value: int | None, status: str, reading: str) -> MapPoint:
    shift = int(commune) % 7 / 100
    return MapPoint(
        commune=commune,
        name=name,
        population=15_158,
        longitude=1.47 + shift,
        latitude=43.54 - shift,
        value=value,
        status=status,
        reading=reading,
    )


MAP = MapData(
    measure="rsa",
    label="Foyers au RSA",
    source="donnée publique CNAF",
    period="2021",
    points=[
        _point("31446", "Ramonville-Saint-Agne", 1_184, "partial", "≥ 1\u202f184, 2 IRIS masqués"),
        _point("31113", "Castanet-Tolosan", 430, "complete", "430"),
        _point("31582", "Vigoulet-Auzil", None, "not_covered", "non diffusé à cette maille"),
        _point("31429", "Pouze", None, "secret", "secret statistique"),
    ],
    measures={"rsa": "Foyers au RSA", "aah": "Foyers à l'AAH"},
    updated_at=AT,
)
AREA = Area(
    commune="31446",
    name="Ramonville-Saint-Agne",
    population=15_158,
    as_of_seq=271,
    exposures=[
        ExposureFigure(
            institution="caf-31",
            source="donnée publique CNAF",
            measure="rsa",
            label="Foyers au RSA",
            unit=Unit.HOUSEHOLD,
            period="2021",
            grid=AreaKind.IRIS,
            known=1_184,
            known_parts=5,
            secret_parts=2,
            status=FigureStatus.PARTIAL,
            reading="≥ 1\u202f184, 2 IRIS masqués",
        )
    ],
    needs=[
        NeedFigure(
            problem="online_procedure",
            label="Démarche en ligne",
            theme="administrative_procedures",
            public="seniors",
            unit=Unit.PERSON,
            period="2026-02",
            count=14,
            status=FigureStatus.COMPLETE,
            reading="14",
            source="CCAS de Ramonville-Saint-Agne",
        )
    ],
    indicators=[
        IndicatorFigure(
            indicator="ifn_total",
            label="Indice de fragilité numérique",
            value="4.857142857142857",
            unit="score_0_10",
            source="La Mednum",
            vintage="2023",
            status=FigureStatus.COMPLETE,
            reading="4,86",
        )
    ],
)
SIGNALS = RecentSignals(
    items=[
        RecentSignal(
            institution="caf-31",
            signal_id=None,
            kind="exposure_count",
            area="314460102",
            status=SignalStatus.REFUSED,
            code="E_SMALL",
            detail="Le compte 4 est sous le seuil de 5 ; envoyez « s ».",
            received_at=AT,
        ),
        RecentSignal(
            institution="caf-31",
            signal_id="1",
            kind="exposure_count",
            area="31446",
            status=SignalStatus.ACCEPTED,
            code=None,
            detail=None,
            received_at=AT,
        ),
    ]
)
PARTNERS = Partners(
    items=[
        PartnerStatus(
            institution="caf-31",
            name="CAF de la Haute-Garonne",
            last_seen_at=AT,
            kept=0,
            accepted=271,
            refused={"E_SMALL": 3},
            agreements=1,
            follows=["fr.ctin.diagnostics.area_updated.v1"],
            lag=12,
        )
    ]
)
MEMBERS = Members(
    items=[
        Member(
            id=UUID(int=1),
            coordination="sicoval",
            organization="caf-31",
            name="CAF de la Haute-Garonne",
            kind="CAF",
            college=College.INSTITUTIONAL,
            section=None,
            siret=None,
            roles=[],
            effective_on=date(2026, 1, 5),
            formerly=None,
            state=MemberState.CONFIRMED,
            warnings=[],
        )
    ]
)
SHEETS = ActionSheets(
    items=[
        ActionSheet(
            id="sicoval.itinerance",
            coordination="sicoval",
            action="itinerance",
            number=1,
            title="Itinérance numérique (fictif)",
            category="ASSIST",
            leads=["caf-31"],
            territories=["_all"],
            publics=["seniors"],
            budget_cents=16_000_000,
            state=SheetState.VALIDATED,
        )
    ]
)


ELEMENTS = Elements(
    items=[
        Element(
            id=UUID(int=7),
            coordination="sicoval",
            title="Des seniors sans démarches en ligne (fictif)",
            problem="online_procedure",
            problem_label="Faire une démarche en ligne",
            public="seniors",
            public_label="Seniors",
            communes=["31446"],
            figure=CitedFigure(
                kind=FigureKind.INDICATOR,
                figure="ifn",
                reading="7,2 sur 10",
                source="La Mednum",
                vintage="2023",
            ),
            observed_on=date(2026, 1, 10),
            organization="sicoval",
            state=ElementState.QUALIFIED,
            state_label="qualifié",
            changed_on=date(2026, 3, 1),
        )
    ]
)
COVERAGE = ElementCoverage(observed=3, surveyed=1, qualified=2, refuted=0, answered=1, share="1/2")
TOURS = Tours(
    items=[
        Tour(
            post="poste-1",
            filled_on=date(2026, 3, 2),
            visited=12,
            communes=36,
            share="1/3",
            percent=33,
            stops=[],
        )
    ]
)


def remember_all(peers: Peers) -> None:
    """Give the portal the memory it has when every service answered once, then went away."""
    at = "/v1/coordinations/sicoval"
    limit = {"limit": 200}
    peers.remember(Peer.MEMBERS, "/v1/coordinations", Coordinations(items=[SICOVAL]), AT, limit)
    peers.remember(Peer.MEMBERS, at, SICOVAL, AT)
    peers.remember(Peer.MEMBERS, f"{at}/members", MEMBERS, AT, limit)
    peers.remember(Peer.FUNDING, f"{at}/pool", POOL, AT)
    peers.remember(Peer.DIAGNOSTICS, f"{at}/map", MAP, AT, ANYONE)
    peers.remember(Peer.DIAGNOSTICS, f"{at}/map", MAP, AT, {**ANYONE, "measure": "rsa"})
    peers.remember(Peer.DIAGNOSTICS, f"{at}/areas/31446", AREA, AT, ANYONE)
    here = {"commune": "31446", **limit}
    peers.remember(Peer.DIAGNOSTICS, f"{at}/elements", ELEMENTS, AT, here)
    peers.remember(Peer.DIAGNOSTICS, f"{at}/elements/coverage", COVERAGE, AT)
    peers.remember(Peer.DIAGNOSTICS, f"{at}/tours", TOURS, AT)
    peers.remember(Peer.ROADMAP, f"{at}/action-sheets", SHEETS, AT, limit)
    peers.remember(Peer.EXCHANGE, f"{at}/partners", PARTNERS, AT)
    for most in (8, 50):
        peers.remember(Peer.EXCHANGE, f"{at}/signals", SIGNALS, AT, {"limit": most})
