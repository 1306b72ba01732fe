"""The few files that pages need, read once and served from our own origin."""

import hashlib
from importlib.resources import files

from litestar import Controller, Response, get

from services.chassis.policies import PUBLIC
from services.portal.errors import NoSuchPart

KINDS = {
    "portal.css": "text/css",
    "portal.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
SECONDS_KEPT = 86_400
FILES = {
    name: files("services.portal").joinpath("views/static", name).read_bytes() for name in KINDS
}


def address(name: str) -> str:
    """Return where a page finds a file: another content is another address."""
    return f"/static/{name}?v={hashlib.sha256(FILES[name]).hexdigest()[:12]}"


class Assets(Controller):
    """Style, script and icon."""

    opt = PUBLIC.opt()
    include_in_schema = False

    @get("/static/{name:str}", sync_to_thread=False)
    def file(self, name: str) -> Response[bytes]:
        """Return one of the files."""
        if name not in FILES:
            raise NoSuchPart(name[:40])
        return Response(
            FILES[name],
            media_type=KINDS[name],
            headers={"cache-control": f"public, max-age={SECONDS_KEPT}"},
        )
