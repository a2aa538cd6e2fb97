"""`make screenshots`: the README's pictures, made from the example in docs/pictures/."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from entrypoints.example import PASSWORD
from foundation.migrating import migrate
from foundation.postgres import Cluster
from tools.chromium import HOW, installed
from tools.site import CHROMIUM_FLAGS, load_example, running_site

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
MOST = 250_000
DESKTOP, PHONE = (1280, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it; `find` gives what the address lacks."""

    name: str
    who: str | None
    path: str
    size: tuple[int, int] = DESKTOP
    find: str = ""


LIST = [
    Picture("donor", "donor", "/en/donor"),
    Picture("today", "curator", "/en/today"),
    Picture(
        "call", None, "/en/calls/{}", find="SELECT reference FROM call WHERE call_is_open(state) ORDER BY 1 LIMIT 1"
    ),
    Picture(
        "ranking", "chair", "/en/calls/{}/ranking",
        find="SELECT reference FROM call WHERE call_is_completed(state) AND programme_id IS NOT NULL"
        " ORDER BY deadline DESC LIMIT 1",
    ),
    Picture(
        "tasks-phone", "editor", "/ka/applications/{}", PHONE,
        "SELECT a.number FROM application a JOIN organisation o ON o.id = a.organisation_id"
        " WHERE o.code = 'EX-01' AND application_is_draft(a.state) LIMIT 1",
    ),
    Picture(
        "visit-phone", "curator", "/ka/visits/{}/record", PHONE,
        "SELECT v.reference FROM visit v JOIN account a ON a.id = v.lead_id WHERE a.email = 'curator@example.org'"
        " AND visit_untold(v.state) ORDER BY visit_is_planned(v.state), 1 LIMIT 1",
    ),
]  # fmt: skip


def main() -> None:
    chromium = installed()
    if chromium is None:
        sys.exit(HOW)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sg-pictures-")))
        cluster = stack.enter_context(Cluster(folder / "postgres", durable=False))
        asyncio.run(migrate(cluster.dsn))
        load_example(cluster.dsn, folder)
        site = stack.enter_context(running_site(cluster.dsn, folder))
        addresses = asyncio.run(found(cluster.dsn))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for picture in LIST:
                take(browser, site.address, picture, addresses[picture.name])
            browser.close()


async def found(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {
            each.name: each.path.format(await connection.fetchval(each.find)) if each.find else each.path
            for each in LIST
        }
    finally:
        await connection.close()


def take(browser: Browser, address: str, picture: Picture, path: str) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2 if width < 600 else 1
    )
    page = context.new_page()
    if picture.who:
        page.goto(f"{address}/en/sign-in")
        page.fill("[name=email]", f"{picture.who}@example.org")
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
    answer = page.goto(address + path, wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{path} answers {answer.status if answer else 'nothing'}: no picture of it.")
    keep(picture.name, page.screenshot())
    context.close()


def keep(name: str, png: bytes) -> None:
    """As WebP, as good as the limit allows."""
    for quality in (88, 80, 70, 60):
        buffer = io.BytesIO()
        Image.open(io.BytesIO(png)).convert("RGB").save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= MOST:
            break
    else:
        sys.exit(f"{name} does not fit into {MOST // 1000} KB.")
    (PICTURES / f"{name}.webp").write_bytes(buffer.getvalue())
    print(f"docs/pictures/{name}.webp  {buffer.tell() // 1000} KB")


if __name__ == "__main__":
    main()
