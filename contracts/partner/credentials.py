"""The folder an institution receives at admission: who it is, where the exchange is, its key."""

from pathlib import Path

import msgspec

from contracts import transport


class Durables(msgspec.Struct, frozen=True):
    """Names of the institution's own durables on the stream partners read."""

    answers: str
    updates: str
    sandbox: str = ""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Content of `partner.json`. The seed stays in its own file."""

    institution: str
    coordination: str
    nats_url: str
    nkey_seed_file: str
    inbox_prefix: str
    stream: str
    durables: Durables
    exchange_url: str = ""
    token_url: str = ""
    client_key_file: str = ""
    agreement: str = ""
    """What stands for an agreement in the sandbox."""
    communes: list[str] = []
    ca_file: str = ""
    """Authorities that signed the exchange's certificates; those of the machine when empty."""

    @property
    def seed(self) -> str:
        """The private NKey, as the client wants it."""
        return Path(self.nkey_seed_file).read_text(encoding="utf-8").strip()


def load(folder: Path) -> Credentials:
    """Return the credentials of a folder.

    Raises:
        SystemExit: the folder holds none, or names authorities that cannot be read; the sentence
            says what is missing.
    """
    path = folder / "partner.json"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Credentials)
    except FileNotFoundError:
        raise SystemExit(f"{path} n'existe pas ; donnez le dossier reçu à l'admission.") from None
    except msgspec.ValidationError as error:
        raise SystemExit(f"{path} n'est pas un dossier d'admission : {error}.") from None
    try:
        transport.trusting(found.ca_file)
    except OSError as error:
        raise SystemExit(f"« {found.ca_file} » n'est pas une autorité : {error}.") from None
    return found
