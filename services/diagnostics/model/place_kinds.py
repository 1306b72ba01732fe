"""What a place is, told by its name where its producer does not say.

Names are compared without case, accents or signs. Each kind is the code of the national list; the
order is that of the codes. It is a guess by usual names and no more.
"""

import re

from services.diagnostics.model.place_words import key

_SOCIAL = r"cent(?:re|er)s?|ctre|espaces?"
_NAMES: dict[str, str] = {
    "ACI": r"\baci\b|chantiers? d insertion",
    "ASSO": r"\basso(?:ciation|ciatif|ciative)?s?\b|restaurants? du c(?:o)?eur|secours populaire"
    r"|croix rouge|\bkonexio\b|groupe sos|ligue de l ?enseignement|\bapf\b|\bcoallia\b|\bemmaus\b",
    "BIB": r"\b(?:bib(?:l)?io?|media)?th(?:e|q)[a-z]*que\b|\bbib[a-z]*theque\b|\bmediath[a-z]*\b",
    "CADA": r"\bcada\b|accueil (?:pour |de )?demandeurs? d asile",
    "CAF": r"\bcaf\b(?! [eé])|allocations familiales",
    "CC": r"\bcommunaute (?:de )?(?:com\b|communes?)|communaute intercommunale",
    "CCAS": r"\bc ?c ?a ?s\b|centre communale? (?:d )?action sociale",
    "CCONS": r"\bconsulat\b|consulaire",
    "CD": r"\bcon?seil dep",
    "CDAS": r"\bcdas\b|maison departementale d action sociale",
    "CFP": r"finances publi(?:c|que)s?",
    "CHU": r"hebergement (?:d )?urgence",
    "CIAS": r"\bcias\b|centre intercommunal d actions? sociales?",
    "CIDFF": r"\bcidff",
    "CITMET": r"cite des metiers",
    "CMP": r"medico psychologique",
    "CMS": r"\b[cp]ms\b|medico sociale?\b",
    "CPAM": r"\bcpam\b|caisse primaire d assurance maladie",
    "CS": rf"\b(?:{_SOCIAL}) soc(?:ial(?:e|es)?)?\b",
    "CSAPA": r"\bcsapa\b",
    "CSC": rf"\bcsc\b|socio ?culturel|(?:{_SOCIAL}) (?:social et )?culturel|social culturel",
    "DEPT": r"\b(?:departement|dpt)\b(?!ale?)",
    "ENM": r"\bbus\b|\bvan\b",
    "EPCI": r"\bepci\b",
    "EPI": r"espace public internet|espace public informatique|borne esp ?ce internet",
    "EPIDE": r"\bepide\b",
    "EPN": r"\bepn\b|cyber|espaces? (?:publi(?:c|que)s? )?(?:numeriques?|multimedia)"
    r"|etablissement public numerique",
    "ES": r"epicerie solidaire",
    "ESAT": r"\besat\b",
    "ESS": r"economique social et solidaire|economie sociale et solidaire",
    "EVS": r"\bevs\b|(?:espace|centre) de vie sociale",
    "FABLAB": r"fab ?lab|atelier de fabrication numerique",
    "FT": r"pole ?emploi|france travail",
    "GEIQ": r"\bgeiq\b|\bgiep\b|groupement (?:local )?(?:d )?employeurs",
    "LA_POSTE": r"\bla poste\b|bureau de poste",
    "MDE": r"maison de l (?:emploi|economie)",
    "MDH": r"\bmdh\b|\bmjh\b|maison des (?:jeunes et )?habitants?",
    "MDPH": r"\bmdph\b",
    "MDS": r"\bmdsi?\b|\bmsd\b|\beds\b|maison (?:de la solidarite|departementale? de (?:la )?"
    r"(?:solidarite|proximite))",
    "MJC": r"\bm ?j ?c\b|maison (?:des )?jeunes (?:et de la |et )?culture",
    "MQ": r"maison de quartier",
    "MSA": r"\bmsa\b|mutualite sociale agricole",
    "MSAP": r"\bmsap\b|maison des? services?(?: au public)?",
    "MUNI": r"\bmair(?:ie)?\b|\bmaire\b|\bmarie de\b|\bmunicipalite\b|^ville d|agglo(?:meration)?\b"
    r"|^ca d",
    "PAD": r"acces (?:au|aux) droits?",
    "PENSION": r"pension de famille",
    "PI": r"point d? ?information",
    "PIJ_BIJ": r"\b[pb]ij\b|espace jeunes?",
    "PIMMS": r"\bpimms\b|mediation multi ?services?",
    "PLIE": r"\bplie\b",
    "PREF": r"\b(?:sous )?prefecture\b",
    "REG": r"^region\b",
    "RFS": r"france services?|\bmfs\b",
    "RS_FJT": r"foyer (?:des? )?jeunes travailleurs|\bfjt\b",
    "SCP": r"club (?:de )?prevention",
    "SPIP": r"\bspip\b",
}
_READ = {kind: re.compile(pattern) for kind, pattern in _NAMES.items()}


def of_name(name: str) -> list[str]:
    """Return the kinds that a name tells, none where it tells nothing."""
    plain = key(name)
    return [kind for kind, pattern in _READ.items() if pattern.search(plain)]
