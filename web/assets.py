"""Style sheets, scripts, icons and fonts: read once, named by their content, sent compressed."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
TEXTS = {".css", ".js", ".svg", ".webmanifest"}
IMPORT = re.compile(r'@import "(css/[\w-]+\.css)";')
SAID_TO_US = re.compile(r"/\*.*?\*/|(?<=\n)\s+", re.DOTALL)  # comments and indents: every phone would carry them
MENTION = re.compile(r"/static/([\w./-]+\.\w+)")


@dataclass(frozen=True)
class Asset:
    url: str
    type: str
    bodies: dict[str, bytes]  # by content encoding; "identity" is always there


def asset(name: str) -> str:
    """The address of a file under web/static, changing when its content does."""
    return every_asset()[name].url


@get("/static/{path:path}", opt={"public": True}, name="static", include_in_schema=False)
async def static(path: FromPath[str], request: Request) -> Response[bytes]:
    """A file by its exact known name. No path is ever put together from what was asked."""
    found = assets_by_url().get(f"/static/{path.lstrip('/')}")
    if found is None:
        raise NotFoundException
    encoding = best_encoding(request.headers.get("accept-encoding", ""), found.bodies)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Vary": "Accept-Encoding",
    }
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(found.bodies[encoding], media_type=found.type, headers=headers)


def best_encoding(accepted: str, bodies: dict[str, bytes]) -> str:
    """The smallest body the browser takes; a coding it refuses with q=0 is never sent."""
    refused = re.compile(r"^q\s*=\s*0(\.0*)?$")
    taken = set()
    for part in accepted.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        if not any(refused.match(parameter) for parameter in parameters):
            taken.add(coding)
    return min(
        (coding for coding in bodies if coding == "identity" or coding in taken),
        key=lambda coding: len(bodies[coding]),
    )


@cache
def assets_by_url() -> dict[str, Asset]:
    return {found.url: found for found in every_asset().values()}


@cache
def every_asset() -> dict[str, Asset]:
    names = sorted(
        path.relative_to(STATIC).as_posix()
        for path in STATIC.rglob("*")
        if path.suffix in TYPES and path.parent.name != "css"
    )
    made: dict[str, Asset] = {}
    for name in names:
        make(name, made, ())
    return made


def make(name: str, made: dict[str, Asset], waiting: tuple[str, ...]) -> Asset:
    """What a sheet or script mentions is made first, so that its own name covers theirs."""
    if name in waiting:
        raise ValueError(f"{' → '.join((*waiting, name))}: these assets mention each other")
    if name not in made:
        body = (STATIC / name).read_bytes()
        if Path(name).suffix in TEXTS:
            text = IMPORT.sub(lambda found: (STATIC / found[1]).read_text("utf-8"), body.decode("utf-8"))
            if name.endswith(".css"):
                text = SAID_TO_US.sub("", text)
            text = MENTION.sub(lambda found: make(found[1], made, (*waiting, name)).url, text)
            body = text.encode("utf-8")
        made[name] = Asset(hashed(name, body), TYPES[Path(name).suffix], compressed(name, body))
    return made[name]


def hashed(name: str, body: bytes) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{ending}"


def compressed(name: str, body: bytes) -> dict[str, bytes]:
    bodies = {"identity": body}
    if Path(name).suffix in TEXTS:
        bodies["gzip"] = gzip.compress(body, 9, mtime=0)
        bodies["br"] = brotli.compress(body, quality=11)
    return bodies
