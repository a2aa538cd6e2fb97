"""Makes the fonts of the pages and of printed documents: `python tools/fonts.py FOLDER`.

FOLDER holds two unpacked npm packages: `npm pack @fontsource/firago@5.3.0 @fontsource/noto-serif-georgian@5.3.0`,
each with its files under `firago/` and `noto-serif-georgian/`. Their files are cut to Latin, the 33 letters of
Mkhedruli and the signs our texts use; the whole of FiraGO would be 250 KB a weight.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

WEB = Path(__file__).parent.parent / "web"

ASCII = {chr(code) for code in range(0x20, 0x7F)}
LETTERS = {sign for sign in ASCII if sign.isalpha()}
MKHEDRULI = {chr(code) for code in range(0x10D0, 0x10F1)}
SIGNS = set("\u00a0«·»×§°‐‑‒–—―‘’‚“”„•…€₾№←↑→↓−%")
ACCENTED = {chr(code) for code in range(0xC0, 0x180)}
FEATURES = ["kern", "tnum", "locl", "case"]


def main(folder: Path) -> None:
    for weight, style in ((400, "Regular"), (600, "SemiBold")):
        source = folder / "firago" / "files" / f"firago-latin-{weight}-normal.woff2"
        page(cut(source, ASCII | MKHEDRULI | SIGNS), f"firago-{weight}")
        paper(cut(source, ASCII | MKHEDRULI | SIGNS | ACCENTED), f"FiraGO-{style}")

    serif = folder / "noto-serif-georgian" / "files"
    latin, georgian = (serif / f"noto-serif-georgian-{script}-600-normal.woff2" for script in ("latin", "georgian"))
    # A Georgian heading needs the digits and signs of Latin, hardly ever its letters: one file is enough for it.
    page(merged(latin, (ASCII | SIGNS) - LETTERS, georgian), "nsg-600-ka")
    page(cut(latin, ASCII | SIGNS), "nsg-600-la")
    paper(merged(latin, ASCII | SIGNS, georgian), "NotoSerifGeorgian-SemiBold")


def cut(source: Path, signs: set[str]) -> TTFont:
    options = subset.Options(hinting=False, layout_features=FEATURES, layout_scripts=["DFLT", "latn", "geor"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(sign) for sign in signs])
    cutter.subset(font)
    return font


def merged(latin: Path, signs: set[str], georgian: Path) -> TTFont:
    parts = []
    for name, font in (("latin", cut(latin, signs)), ("georgian", cut(georgian, MKHEDRULI))):
        font.flavor = None
        part = WEB / "fonts" / f".{name}.ttf"
        font.save(part)
        parts.append(part)
    try:
        return Merger().merge([str(part) for part in parts])
    finally:
        for part in parts:
            part.unlink()


def page(font: TTFont, name: str) -> None:
    font.flavor = "woff2"
    font.save(WEB / "static" / "fonts" / f"{name}.woff2")


def paper(font: TTFont, name: str) -> None:
    font.flavor = None
    font.save(WEB / "fonts" / f"{name}.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
