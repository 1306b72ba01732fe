"""Tokens that the operator of a machine makes for itself, from the signing key it holds."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from joserfc.jwk import OKPKey

from contracts.values import Role
from infra.cli.folder import DataFolder
from services.chassis.tokens import EVERY_COORDINATION, Caller, mint

MINUTES = 10.0


def token(
    folder: DataFolder,
    role: Role,
    *,
    coordination: str = EVERY_COORDINATION,
    organization: str | None = None,
    minutes: float = MINUTES,
) -> str:
    """Return a bearer token of a role, valid for `minutes`."""
    key = OKPKey.import_key(json.loads(folder.signing_key("tokens").read_text()))
    caller = Caller(
        sub=f"urn:ctin:demo:{role.value}",
        coordination=coordination,
        organization=organization,
        roles=[role.value],
    )
    return mint(key, caller, now=datetime.now(UTC), minutes=minutes, jti=str(uuid4()))
