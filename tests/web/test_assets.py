"""Static files: named by content, sent compressed, and nothing else ever leaves the folder."""

import gzip
import hashlib
import re

import brotli
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from web import assets
from web.assets import STATIC, asset, best_encoding, every_asset, static


@pytest.fixture(scope="module")
def client():
    with TestClient(Litestar([static])) as client:
        yield client


def test_a_name_carries_the_hash_of_what_is_sent():
    for name, found in every_asset().items():
        digest = hashlib.sha256(found.bodies["identity"]).hexdigest()[:12]
        stem, ending = name.rsplit(".", 1)
        assert found.url == f"/static/{stem}.{digest}.{ending}"


def test_the_one_sheet_holds_all_sheets_and_the_hashed_fonts():
    css = every_asset()["app.css"].bodies["identity"].decode()
    assert "@import" not in css and "/*" not in css
    for sheet in (STATIC / "css").glob("*.css"):
        said = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        rules = [line.strip() for line in said.splitlines() if "/static/" not in line]
        assert all(rule in css for rule in rules), sheet.name
    assert set(re.findall(r"/static/fonts/[^)]+", css)) == {
        found.url for name, found in every_asset().items() if name.startswith("fonts/")
    }


def test_sheets_and_drawings_obey_the_content_security_policy():
    """Nothing is loaded from elsewhere: only our own files and pictures written into the sheet."""
    for name, found in every_asset().items():
        if name.endswith((".css", ".js")):
            for address in re.findall(r"url\(([^)]*)\)", found.bodies["identity"].decode()):
                assert address.startswith(("/static/", '"data:image/svg+xml,'))


def test_templates_hold_no_inline_styles_or_scripts():
    for template in (STATIC.parent / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]* src=)", text), template.name


def test_every_icon_used_is_in_the_sprite():
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = set()
    for template in (STATIC.parent.parent).glob("**/templates/**/*.html"):
        text = template.read_text("utf-8")
        used |= set(re.findall(r"(?:icon|glyph)\('([\w-]+)'", text))
        used |= set(re.findall(r"icon='([\w-]+)'", text))
    assert used - drawn == set()


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", "identity"), ("zstd", "identity")],
)
def test_the_smallest_body_the_browser_takes_is_sent(client, accepted, encoding):
    with client.stream("GET", asset("app.css"), headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding", "identity") == encoding
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}[encoding](body)
    assert opened == every_asset()["app.css"].bodies["identity"]


def test_refused_codings_are_not_sent():
    bodies = {"identity": b"123", "gzip": b"12", "br": b"1"}
    assert best_encoding("br;q=0.0, gzip;q=0", bodies) == "identity"
    assert best_encoding("BR ; q=0.5", bodies) == "br"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("icons.svg", "image/svg+xml"),
        ("fonts/firago-400.woff2", "font/woff2"),
    ],
)
def test_a_file_is_sent_with_its_type_for_ever(client, name, kind):
    answer = client.get(asset(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "app.css",
        "app.000000000000.css",
        "../assets.py",
        "..%2fassets.py",
        "%2e%2e/assets.py",
        "css/tokens.css",
        "fonts/../app.css",
        "ISC-Lucide.txt",
        "%00",
        "",
        "/etc/passwd",
        "static/app.css",
    ],
)
def test_only_exact_known_names_are_found(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_files_that_mention_each_other_are_refused(tmp_path, monkeypatch):
    (tmp_path / "a.js").write_text('import "/static/b.js"')
    (tmp_path / "b.js").write_text('import "/static/a.js"')
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with pytest.raises(ValueError, match="mention each other"):
        assets.make("a.js", {}, ())


def test_what_a_page_loads_first_stays_light():
    """Georgian pages: sheet, script, icons, and three fonts, 56 KB of the 60 KB that a page may take."""
    names = ["app.css", "app.js", "icons.svg"] + [
        f"fonts/{n}.woff2" for n in ("firago-400", "firago-600", "nsg-600-ka")
    ]
    assert sum(min(map(len, every_asset()[name].bodies.values())) for name in names) <= 56_000
