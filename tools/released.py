"""python -m tools.released: enters the hash of each migration that is not released yet; one that is, never changes."""

import csv

from foundation.migrating import MIGRATIONS, numbered

FILE = MIGRATIONS / "released.csv"


def main() -> None:
    with FILE.open(encoding="utf-8") as file:
        released = {each["migration"] for each in csv.DictReader(file)}
    with FILE.open("a", encoding="utf-8") as file:
        file.writelines(f"{name},{sha256}\n" for name, sha256 in numbered().items() if name not in released)


if __name__ == "__main__":
    main()
