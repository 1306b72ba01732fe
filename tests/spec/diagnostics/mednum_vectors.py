"""What we make of the national importer's own test vectors, group by group.

Each answers None where a vector has nothing of ours to compare with: what it expects was recorded
as a function, or what it reads (maps of zones, other sites' replies) was not recorded at all.
"""

import json
from datetime import date

from services.chassis.importer import Row, RowIsRefused, plain
from services.diagnostics.imports import places, producers
from services.diagnostics.model import french_hours, place_addresses, place_contacts, place_kinds
from services.diagnostics.model.places import CommuneName, Perimeter, Place, twin_keys

REFUSED = "refused"
NO_PIVOT = "00000000000000"
COLUMN = {
    "services.field": "services",
    "frais-a-charge.field": "frais_a_charge",
    "modalites-acces.field": "modalites_acces",
    "modalites-accompagnement.field": "modalites_accompagnement",
    "publics-specifiquement-adresses.field": "publics_specifiquement_adresses",
    "prises-en-charge-specifiques.field": "prise_en_charge_specifique",
    "itinerance.field": "itinerance",
    "formations-labels.field": "formations_labels",
    "autres-formations-labels.field": "autres_formations_labels",
    "dispositifs-programmes-nationaux.field": "dispositif_programmes_nationaux",
}
NOT_RECORDED = {"is-in-qpv", "is-in-frr", "find-commune", "group-duplicates", "merge-group"}


def silent(*_, **__):
    """Hear a doubt and say nothing."""


def cells(source):
    """Return a recorded row as the importer gives rows."""
    return {
        plain(name): value if isinstance(value, str) else "" if value is None else json.dumps(value)
        for name, value in source.items()
    }


def tried(read, *args):
    """Return what a reader makes of a value, or that it refuses it."""
    try:
        return read(*args)
    except RowIsRefused:
        return REFUSED


def told(source, mapping, name):
    """Return the text of one field."""
    return producers.field(name, mapping.get(name, {}), cells(source))


def choices(group, vector):
    source, mapping = vector["args"][0], vector["args"][1]
    return [one for one in told(source, mapping, COLUMN[group]).split("|") if one]


def typologies(source, mapping):
    given = [one for one in told(source, mapping, "typologie").split("|") if one]
    return given or place_kinds.of_name(told(source, mapping, "nom"))


def contact(source, mapping):
    phone = place_contacts.phone(
        told(source, mapping, "telephone"), told(source, mapping, "code_postal")
    )
    mails = place_contacts.emails(told(source, mapping, "courriels"))
    sites = place_contacts.sites(told(source, mapping, "site_web"))
    found = {"telephone": phone, "courriels": mails, "site_web": sites}
    return {name: value for name, value in found.items() if value}


def bare(street, postal_code, commune):
    """Return a place of which nothing but its address is told."""
    return Place(
        local_id="x",
        name="x",
        address=street,
        postal_code=postal_code,
        commune_name=commune,
        updated_on=date(2026, 1, 1),
    )


def address(source, mapping, communes):
    found = place_addresses.parted(
        *(told(source, mapping, name) for name in ("adresse", "code_postal", "commune"))
    )
    if not place_addresses.is_street(found.street):
        return REFUSED
    place = bare(found.street, found.postal_code, found.commune)
    names = {one["code"]: one["nom"] for one in communes}
    code = Perimeter([CommuneName(*one) for one in names.items()]).commune_of(place)
    if code is None:
        return REFUSED
    extra = told(source, mapping, "complement_adresse")
    answer = {"voie": found.street, "commune": names[code], "code_postal": found.postal_code}
    return {**answer, **({"complement_adresse": extra} if extra else {}), "code_insee": code}


def located(source, mapping):
    row = {name: told(source, mapping, name) for name in ("latitude", "longitude")}
    latitude, longitude = places.point(row, silent)
    return None if latitude is None else {"latitude": latitude, "longitude": longitude}


def dated(source, mapping):
    found = tried(places.day, told(source, mapping, "date_maj"), silent)
    return found.isoformat() if isinstance(found, date) else found


def twins(lieux):
    """Return the pairs of ids that our own rule tells."""
    spots = {}
    for one in lieux:
        place = Place(
            local_id=one["id"],
            name=one["nom"],
            address=one["adresse"],
            postal_code=one.get("code_postal", ""),
            commune_name=one["commune"],
            pivot=(one.get("pivot", NO_PIVOT).strip("0") and one["pivot"]) or None,
            latitude=one.get("latitude"),
            longitude=one.get("longitude"),
            updated_on=date(2026, 1, 1),
        )
        for spot in twin_keys(place):
            spots.setdefault(spot, []).append(one["id"])
    return {frozenset(ids) for ids in spots.values() if len(ids) > 1}


def imported(source, mapping):
    """Return a whole row as the mapping makes it."""
    return producers.translate(mapping)(Row(2, cells(source))).values


def spans(text):
    """Return the ranges of minutes that hours in OpenStreetMap's form tell."""
    return french_hours.ranges(text)


def answer(group, vector, communes):
    """Return ours and theirs for one vector, None where nothing can be compared."""
    theirs = REFUSED if "throws" in vector else vector["expected"]
    args = vector.get("args", [])
    if group in NOT_RECORDED or vector.get("fn") == "findCommune":
        return None
    if group in COLUMN:
        return choices(group, vector), theirs
    if group == "clean-commune":
        known = Perimeter([CommuneName("01001", theirs)])
        return known.commune_of(bare("1 rue Neuve", "01000", vector["input"])), "01001"
    if group == "adresse.field":
        return address(args[1], args[2], communes), theirs
    if group == "contact.field":
        return contact(args[1], args[2]), theirs
    if group == "to-osm-hours":
        return french_hours.written(french_hours.ranges(args[0])), theirs
    if group == "merge-hours-ranges":
        found = french_hours.merged([*spans(args[0]), *spans(args[1])])
        return french_hours.written(found), theirs
    if group in {"find-duplicates", "duplication-comparisons"}:
        lieux = [one for part in args if isinstance(part, list) for one in part]
        return twins(lieux), expected_pairs(group, theirs)
    source, mapping = args[0], args[1]
    ours = {
        "pivot.field": lambda: places.pivot(told(source, mapping, "pivot"), silent) or NO_PIVOT,
        "date.field": lambda: dated(source, mapping),
        "nom.field": lambda: told(source, mapping, "nom") or REFUSED,
        "localisation.field": lambda: located(source, mapping),
        "horaires.field": lambda: told(source, mapping, "horaires") or None,
        "typologies.field": lambda: typologies(source, mapping),
        "fiche-acces-libre.field": lambda: link(told(source, mapping, "fiche_acces_libre")),
        "prise-rdv.field": lambda: link(told(source, mapping, "prise_rdv")),
        "presentation.field": lambda: presented(source, mapping),
        "source.field": lambda: told(source, mapping, "source"),
        "id.field": lambda: imported(source, mapping).get("id", ""),
    }[group]()
    return ours, theirs["$date"][:10] if group == "date.field" else theirs


def link(text):
    return next(iter(place_contacts.sites(text)), None)


def presented(source, mapping):
    names = {"resume": "presentation_resume", "detail": "presentation_detail"}
    found = {short: places.plain(told(source, mapping, name)) for short, name in names.items()}
    return {name: text for name, text in found.items() if text}


def expected_pairs(group, theirs):
    """Return the pairs that the importer calls alike, however little."""
    if group == "duplication-comparisons":
        return {frozenset((one["id1"], one["id2"])) for one in theirs}
    return {
        frozenset((lieu["id"], other["id"]))
        for commune in theirs
        for lieu in commune["lieux"]
        for other in lieu["duplicates"]
    }


def compared(vectors):
    """Yield group, vector, ours, theirs and whether they agree (None: nothing to compare)."""
    for group, listed in vectors.items():
        communes = []
        for vector in listed:
            if vector.get("fn") == "findCommune":
                communes = vector["args"][0]
            found = answer(group, vector, communes)
            if found is None:
                yield group, vector, None, None, None
            else:
                yield group, vector, *found, found[0] == found[1]
