"""Makes web/geo from the boundary files it is given: `python tools/boundaries.py EIGHT.geojson REGIONS.geojson`.

Both come from Who's On First (web/geo/LICENCES.md). Coordinates are cut to three decimals, about a hundred metres:
neighbours share their corners before and after, so no gaps open between them.
"""

import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "web" / "geo"
REGIONS = {"GE-GU": "guria", "GE-IM": "imereti", "GE-RL": "racha-lechkhumi"}


def main(eight: str, regions: str) -> None:
    write("municipalities", [feature(row, row["properties"]["name_en"].lower()) for row in rows(eight)])
    write(
        "regions",
        [
            feature(row, REGIONS[row["properties"]["iso"]])
            for row in rows(regions)
            if row["properties"]["iso"] in REGIONS
        ],
    )


def rows(path: str) -> list[dict]:
    return json.loads(Path(path).read_text("utf-8"))["features"]


def feature(row: dict, slug: str) -> dict:
    kept = {"slug": slug, "wof": row["properties"]["id"].removeprefix("wof:")}
    rings = [ring(points) for points in row["geometry"]["coordinates"]]
    return {"type": "Feature", "properties": kept, "geometry": {"type": "Polygon", "coordinates": rings}}


def ring(points: list[list[float]]) -> list[list[float]]:
    cut: list[list[float]] = []
    for lon, lat in points:
        here = [round(lon, 3), round(lat, 3)]
        if not cut or cut[-1] != here:
            cut.append(here)
    return cut


def write(name: str, features: list[dict]) -> None:
    lines = ",\n".join(
        json.dumps(row, separators=(",", ":")) for row in sorted(features, key=lambda f: f["properties"]["slug"])
    )
    (OUT / f"{name}.geojson").write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
