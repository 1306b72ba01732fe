"""Settings of the members service, one variable per field, prefix `MEMBERS_`."""

from services.chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What signs access tokens, and the names this service answers to when one is asked for."""

    signing_key_file: str | None = None
    """A private JWK, OKP Ed25519, in JSON. Without it no token is given; production needs it."""
    token_audiences: str = "urn:ctin:token"  # noqa: S105
    """What a client may write as `aud`: its token endpoint's URL and the like, comma-separated."""
