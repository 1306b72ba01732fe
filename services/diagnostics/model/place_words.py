"""The closed lists of the national schema of places, in both of its generations.

A value is compared without case, accents or kind of apostrophe. What the first generation said
otherwise is read as the second's; the pair of files before and after the change of 2024 is the
source of that table, completed by the schema's own definitions.

Source: LaMednum/standard-mediation-num, schema.json v1.0.2; anct-cartographie-nationale.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

SERVICES = (
    "Aide aux démarches administratives",
    "Maîtrise des outils numériques du quotidien",
    "Insertion professionnelle via le numérique",
    "Utilisation sécurisée du numérique",
    "Parentalité et éducation avec le numérique",
    "Loisirs et créations numériques",
    "Compréhension du monde numérique",
    "Accès internet et matériel informatique",
    "Acquisition de matériel informatique à prix solidaire",
)
PUBLICS = ("Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes")
SPECIAL_CARE = (
    *("Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme"),
    *("Langues étrangères (anglais)", "Langues étrangères (autres)", "Déficience visuelle"),
)
FEES = ("Gratuit", "Gratuit sous condition", "Payant")
PROGRAMMES = (
    *("Aidants Connect", "Bibliothèques numérique de référence", "Certification PIX"),
    *("Conseillers numériques", "Emmaüs Connect", "France Services"),
    *("Grande école du numérique", "La Croix Rouge", "Point d'accès numérique CAF"),
    *("Promeneurs du net", "Relais numérique (Emmaüs Connect)"),
)
LABELS = (
    *("Formé à « Mon Espace Santé »", "Formé à « DUPLEX » (illettrisme)"),
    "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
    "Collectif ressources et acteurs réemploi (Normandie)",
    *("Étapes numériques (La Poste)", "Fabriques de Territoire"),
    *("Les Éclaireurs du numérique (Drôme)", "Mes Papiers (Métropole de Lyon)"),
    *("ORDI 3.0", "SUD LABS (PACA)"),
)
ACCESS_MODES = (
    *("Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne"),
    *("Ce lieu n'accueille pas de public", "Envoyer un mail avec une fiche de prescription"),
)
SUPPORT_MODES = (
    *("En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance"),
)
ITINERANCE = ("Itinérant", "Fixe")
_CODES = (
    "ACI ACIPHC AFPA AI ASE ASSO ASSO_CHOMEUR Autre AVIP BIB CAARUD CADA CAF CAP_EMPLOI CAVA "
    "CC CCAS CCONS CD CDAS CFP CHRS CHU CIAS CIDFF CITMET CMP CMS CPAM CPH CS CSAPA CSC DEETS "
    "DEPT DIPLP E2C EA EATT EI EITI ENM EPCI EPI EPIDE EPN ES ESAT ESS ETTI EVS FABLAB "
    "FABRIQUE FAIS FT GEIQ HUDA LA_POSTE MDE MDH MDEF MDPH MDS MJC ML MQ MSA MSAP MUNI OACAS "
    "ODC OF OIL OPCS PAD PENSION PI PIJ_BIJ PIMMS PJJ PLIE PREF PREVENTION REG RELAIS_LECTURE "
    "RESSOURCERIE RFS RS_FJT SCP SPIP TIERS_LIEUX UDAF"
)
KINDS = tuple(_CODES.split())
LISTS: dict[str, tuple[str, ...]] = {
    "services": SERVICES,
    "publics": PUBLICS,
    "special_care": SPECIAL_CARE,
    "fees": FEES,
    "programmes": PROGRAMMES,
    "labels": LABELS,
    "access_modes": ACCESS_MODES,
    "support_modes": SUPPORT_MODES,
    "itinerance": ITINERANCE,
    "kinds": KINDS,
}
"""Each list of the model, in the order of the standard, which is the order values are kept in."""
_TOOLS, _WORLD = SERVICES[1], SERVICES[6]
_HELP, _WORK, _NET = SERVICES[0], SERVICES[2], SERVICES[7]
EARLIER: dict[str, tuple[tuple[str, str], ...]] = {
    "Devenir autonome dans les démarches administratives": (("services", _HELP),),
    "Réaliser des démarches administratives avec un accompagnement": (("services", _HELP),),
    "Accompagner les démarches de santé": (("services", _HELP),),
    "Prendre en main un smartphone ou une tablette": (("services", _TOOLS),),
    "Prendre en main un ordinateur": (("services", _TOOLS),),
    "Utiliser le numérique au quotidien": (("services", _TOOLS),),
    "Approfondir ma culture numérique": (("services", _WORLD),),
    "Promouvoir la citoyenneté numérique": (("services", _WORLD),),
    "Favoriser mon insertion professionnelle": (("services", _WORK),),
    "Créer et développer mon entreprise": (("services", _WORK),),
    "Accéder à une connexion internet": (("services", _NET),),
    "Accéder à du matériel": (("services", _NET),),
    "S'équiper en matériel informatique": (("services", SERVICES[8]),),
    "Créer avec le numérique": (("services", SERVICES[5]),),
    "Pratiquer des activités récréatives numériques": (("services", SERVICES[5]),),
    "Soutenir la parentalité et l'éducation avec le numérique": (("services", SERVICES[4]),),
    "Adhésion": (("fees", "Payant"),),
    "Accepte le Pass numérique": (),
    "Seul": (("support_modes", "En autonomie"),),
    "Avec de l'aide": (("support_modes", "Accompagnement individuel"),),
    "A ma place": (("support_modes", "Accompagnement individuel"),),
    "Dans un atelier": (("support_modes", "Dans un atelier collectif"),),
    "À distance": (("support_modes", "À distance"),),
    "Adultes": (),
    "Jeunes (16-26 ans)": (("publics", "Jeunes"),),
    "Seniors (+ 65 ans)": (("publics", "Seniors"),),
    "Familles/enfants": (("publics", "Familles et/ou enfants"),),
    "Uniquement femmes": (("publics", "Femmes"),),
    "Public langues étrangères": (("special_care", "Langues étrangères (autres)"),),
    "Personnes en situation d'illettrisme": (("special_care", "Illettrisme"),),
    "Handicaps psychiques": (("special_care", "Handicaps mentaux"),),
    "Handicaps mentaux": (("special_care", "Handicaps mentaux"),),
    "Handicaps moteurs": (("special_care", "Handicaps moteurs"),),
    "Surdité": (("special_care", "Surdité"),),
    "Déficience visuelle": (("special_care", "Déficience visuelle"),),
    "CNFS": (("programmes", "Conseillers numériques"),),
    "Grandes écoles du numérique": (("programmes", "Grande école du numérique"),),
    "Point numérique CAF": (("programmes", "Point d'accès numérique CAF"),),
    "Point relais CAF": (("programmes", "Point d'accès numérique CAF"),),
    "Relais numérique": (("programmes", "Relais numérique (Emmaüs Connect)"),),
    "Fabriques de Territoire": (("labels", "Fabriques de Territoire"),),
    "APTIC": (("other_labels", "APTIC"),),
    "Relais pôle emploi": (("other_labels", "Relais pôle emploi"),),
    "French Tech": (("other_labels", "French Tech"),),
    "Campus connecté": (("other_labels", "Campus connecté"),),
    "SudLabs": (("labels", "SUD LABS (PACA)"),),
    "PE": (("kinds", "FT"),),
}
"""What the first generation said, and what the second says of it; nothing where it has no word."""
_BARS = re.compile(r"[;|]")
_COMMA = re.compile(r",\s*")
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def key(text: str) -> str:
    """Return a text as it is compared: small letters and digits in words, no accent, no sign."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return _NOT_PLAIN.sub(" ", bare).strip()


_KNOWN = {name: {key(one): one for one in values} for name, values in LISTS.items()}
_EARLIER = {key(one): found for one, found in EARLIER.items()}


class UnknownWord(ValueError):
    """A value that a closed list does not have."""


class Sorted(msgspec.Struct, frozen=True):
    """What a cell says, by list of the model, and what has no word in this generation."""

    found: dict[str, list[str]]
    lost: list[str]


def parts(cell: str, knows: Callable[[str], object] = lambda _: None) -> list[str]:
    """Return the values of a cell, whichever of `;`, `|` and `, ` stands between them.

    A comma stands between two values unless `knows` has what is on both its sides as one.
    """
    told: list[str] = []
    for part in filter(None, (one.strip() for one in _BARS.split(cell))):
        split = [one.strip() for one in _COMMA.split(part) if one.strip()]
        told += [part] if len(split) == 1 or knows(part) is not None else split
    return told


Meaning = tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def meaning(word: str, name: str) -> Meaning | None:
    """Return what a word of the list `name` means, as list and value; None if it is in none.

    The first generation wrote a sentence after a colon, which is left out.
    """
    for one in (word, word.partition(":")[0]):
        plain = key(one)
        if plain in _KNOWN[name]:
            return ((name, _KNOWN[name][plain]),)
        if plain in _EARLIER:
            return _EARLIER[plain]
    return None


def sort(cell: str, name: str) -> Sorted:
    """Read a cell of the closed list `name`; older words may belong to other lists.

    Raises:
        UnknownWord: a value is in no generation of this list.
    """
    found: dict[str, list[str]] = {}
    lost: list[str] = []
    for word in parts(cell, lambda one: meaning(one, name)):
        meant = meaning(word, name)
        if meant is None:
            raise UnknownWord(word)
        if not meant:
            lost.append(word)
        for kind, one in meant:
            found.setdefault(kind, []).append(one)
    return Sorted(found, lost)


def in_order(name: str, values: Iterable[str]) -> list[str]:
    """Return each value once: in the order of the standard, or as given where it has none."""
    once = list(dict.fromkeys(values))
    order: Sequence[str] = LISTS.get(name, ())
    return sorted(once, key=order.index) if order else once
