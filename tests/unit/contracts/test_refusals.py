"""What the library says in English of a message, its sender reads in French.

Each mistake is made for real, so that a new wording of the library fails here.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from contracts.events.signals import ReportedNeed
from contracts.refusals import E_ENCODING, E_FIELD, explain


class Colour(StrEnum):
    RED = "red"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    band: Colour


class Message(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=2, max_length=4)] = "abc"
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    above: Annotated[float, Meta(gt=0, lt=5)] = 1
    code: Annotated[str, Meta(pattern="^[a-z]+$")] = "a"
    colour: Colour = Colour.RED
    id: UUID = UUID(int=0)
    on: date = date(2026, 1, 1)
    at: datetime | None = None
    local: Annotated[datetime, Meta(tz=True)] | None = None
    many: Annotated[list[int], Meta(min_length=1, max_length=2)] = []
    inner: Inner | None = None
    counts: dict[str, int] = {}
    either: int | str = 1


class Needed(msgspec.Struct):
    name: str


GENERIC = "La valeur n'est pas celle du contrat."
MISTAKES = [
    (Needed, b"{}", "name", "Le champ « name » manque ; ajoutez-le."),
    (Message, b'{"x":1}', "x", "Le champ « x » n'existe pas dans ce contrat ; retirez-le."),
    (Message, b'{"inner":{}}', "inner.band", "Le champ « band » manque ; ajoutez-le."),
    (Message, b'{"name":1}', "name", "Une valeur de type str est attendue, int a été reçu."),
    (Message, b'{"count":"1"}', "count", "Une valeur de type int est attendue, str a été reçu."),
    (Message, b'{"count":1.5}', "count", "Une valeur de type int est attendue, float a été reçu."),
    (Message, b'{"count":null}', "count", "Une valeur de type int est attendue, null a été reçu."),
    (
        Message,
        b'{"inner":[]}',
        "inner",
        "Une valeur de type object | null est attendue, array a été reçu.",
    ),
    (Message, b'{"many":{}}', "many", "Une valeur de type array est attendue, object a été reçu."),
    (
        Message,
        b'{"either":true}',
        "either",
        "Une valeur de type int | str est attendue, bool a été reçu.",
    ),
    (Message, b"[]", "", "Une valeur de type object est attendue, array a été reçu."),
    (
        Message,
        b'{"counts":{"a":"b"}}',
        "counts[...]",
        "Une valeur de type int est attendue, str a été reçu.",
    ),
    (Message, b'{"many":["a"]}', "many[0]", "Une valeur de type int est attendue, str a été reçu."),
    (Message, b'{"count":0}', "count", "La valeur doit être >= 1."),
    (Message, b'{"count":10}', "count", "La valeur doit être <= 9."),
    (Message, b'{"above":0}', "above", "La valeur doit être > 0.0."),
    (Message, b'{"above":5}', "above", "La valeur doit être < 5.0."),
    (Message, b'{"name":"a"}', "name", "La longueur du texte doit être >= 2."),
    (Message, b'{"name":"abcde"}', "name", "La longueur du texte doit être <= 4."),
    (Message, b'{"many":[]}', "many", "Le nombre d'éléments doit être >= 1."),
    (Message, b'{"many":[1,2,3]}', "many", "Le nombre d'éléments doit être <= 2."),
    (Message, b'{"code":"A"}', "code", "La valeur n'a pas la forme attendue (^[a-z]+$)."),
    (Message, b'{"colour":"blue"}', "colour", "La valeur 'blue' n'est pas dans la liste prévue."),
    (
        Message,
        b'{"inner":{"band":"x"}}',
        "inner.band",
        "La valeur 'x' n'est pas dans la liste prévue.",
    ),
    (Message, b'{"id":"x"}', "id", "Un identifiant UUID est attendu."),
    (Message, b'{"on":"31/12/2026"}', "on", "Une date ISO 8601 (AAAA-MM-JJ) est attendue."),
    (Message, b'{"at":"hier"}', "at", "Un instant RFC 3339 (2026-03-01T12:00:00Z) est attendu."),
    (
        Message,
        b'{"local":"2026-01-01T00:00:00"}',
        "local",
        "L'instant doit porter son décalage horaire (Z ou +01:00).",
    ),
    (Message, b"{", "", "Le JSON est mal formé ; vérifiez-le."),
    (Message, b'{"a" 1}', "", "Le JSON est mal formé ; vérifiez-le."),
    (Message, b"", "", "Le JSON est mal formé ; vérifiez-le."),
    (Message, b"{} x", "", "Le JSON est mal formé ; vérifiez-le."),
]


def error_of(kind: Any, body: bytes) -> msgspec.MsgspecError:
    """Return what the library says of a body."""
    with pytest.raises(msgspec.MsgspecError) as raised:
        msgspec.json.decode(body, type=kind)
    return raised.value


@pytest.mark.parametrize(
    ("kind", "body", "field", "detail"), MISTAKES, ids=lambda one: str(one)[:40]
)
def test_a_mistake_is_explained_in_french(kind, body, field, detail):
    told = explain(error_of(kind, body))

    assert (told.field, told.detail) == (field, detail)
    assert told.code == E_FIELD
    assert told.detail != GENERIC


def test_what_is_not_utf8_says_so():
    with pytest.raises(UnicodeDecodeError) as raised:
        msgspec.json.decode(b'{"name":"\xe9"}', type=Message)
    assert explain(raised.value).code == E_ENCODING


def test_a_sentence_nobody_knows_yet_is_still_french():
    assert explain(msgspec.ValidationError("Something new - at `$.a.b`")).field == "a.b"
    assert explain(msgspec.ValidationError("Something new")).detail == GENERIC


def test_a_rule_of_a_struct_is_explained():
    body = (
        b'{"signal_id":"0192f3a0-0000-7000-8000-000000000000","purpose":"a","period":"2026",'
        b'"area_kind":"commune","area_code":"31506","reporter_kind":"ccas","problem":"a",'
        b'"theme":"a","public":"a","unit":"person","count":1}'
    )
    told = explain(error_of(ReportedNeed, body))
    assert "agreement" in told.detail
    assert "licence" in told.detail
    assert told.detail != GENERIC
