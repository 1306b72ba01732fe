"""Refusals and faults as problem documents: code, field, French sentence; never a stack or a SQL.

Source: RFC 9457.
"""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from contracts.refusals import E_FIELD, FieldError, explain
from services.chassis import database
from services.chassis.errors import Refusal, Unavailable
from services.chassis.log import logger

PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = "2"
TITLES = {
    400: "Demande mal formée",
    401: "Identification demandée",
    403: "Droit insuffisant",
    404: "Introuvable",
    405: "Méthode non admise",
    409: "Refusé",
    413: "Corps trop grand",
    415: "Type de contenu non admis",
    422: "Refusé",
    429: "Trop de demandes",
    500: "Erreur de notre côté",
    503: "Momentanément indisponible",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every answer that is not a success."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []


def answer(
    status: int, code: str, detail: str, *, field: str = "", errors: list[FieldError] | None = None
) -> Response[Problem]:
    """Return a problem document; `field` alone makes its one entry of `errors`."""
    if errors is None:
        errors = [FieldError(field=field, code=code, detail=detail)] if field else []
    body = Problem(
        type=f"urn:ctin:problem:{code.lower()}",
        title=TITLES.get(status, "Refusé"),
        status=status,
        code=code,
        detail=detail,
        errors=errors,
    )
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if status == 503 else {}  # noqa: PLR2004
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers)


def on_refusal(_: Request[Any, Any, Any], refusal: Refusal) -> Response[Problem]:
    """Show a refusal as it was written."""
    shown = answer(refusal.status, refusal.code, str(refusal), field=refusal.field)
    if refusal.retry_after_seconds is not None:
        shown.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return shown


def on_validation(_: Request[Any, Any, Any], error: ValidationException) -> Response[Problem]:
    """Say which field of the body, path or query does not fit, and what it should be."""
    errors: list[FieldError] = []
    for item in error.extra if isinstance(error.extra, list) else []:
        told = explain(msgspec.ValidationError(str(item.get("message", ""))))
        key = str(item.get("key", "")).removeprefix("data")  # The framework's name of the body.
        field = ".".join(part for part in (key, told.field) if part)
        errors.append(FieldError(field=field, code=told.code, detail=told.detail))
    detail = errors[0].detail if errors else "La demande ne suit pas le contrat de cette adresse."
    return answer(400, E_FIELD, detail, errors=errors)


def on_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Show what the framework itself refuses."""
    if isinstance(error, NotFoundException):
        return answer(404, "E_UNKNOWN", "Rien ne porte cette adresse ; vérifiez-la.")
    if isinstance(error, MethodNotAllowedException):
        refused = answer(405, "E_METHOD", "Cette adresse n'admet pas cette méthode.")
        refused.headers.update(error.headers or {})  # Which ones it takes: Allow.
        return refused
    if error.status_code == 413:  # noqa: PLR2004
        return answer(413, "E_SIZE", "Le corps est trop grand ; envoyez-le en plusieurs fois.")
    if isinstance(error, ClientException) and error.status_code == 400:  # noqa: PLR2004
        told = explain(msgspec.DecodeError(str(error.detail)))
        return answer(400, told.code, told.detail, errors=[told])
    return answer(error.status_code, "E_REFUSED", TITLES.get(error.status_code, "Refusé."))


def on_fault(request: Request[Any, Any, Any], fault: Exception) -> Response[Problem]:
    """Say that the world or the code failed, without saying how; the log has it."""
    if isinstance(fault, Unavailable) or database.is_away(fault):
        logger().warning("dependency_away", path=request.url.path, fault=str(fault))
        return answer(503, "E_AWAY", "Une dépendance ne répond pas ; réessayez dans un instant.")
    logger().error("request_failed", path=request.url.path, exc_info=fault)
    return answer(500, "E_BUG", "Une erreur s'est produite ; rien n'a été enregistré.")


def on_text(_: Request[Any, Any, Any], __: Exception) -> Response[Problem]:
    """Refuse a text that holds a NUL, which no database keeps."""
    return answer(422, E_FIELD, "Un texte contient un caractère nul ; retirez-le.")


HANDLERS: dict[Any, Any] = {
    database.TextIsNotKept: on_text,
    Refusal: on_refusal,
    ValidationException: on_validation,
    HTTPException: on_http,
    Exception: on_fault,
}
