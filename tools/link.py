"""Make this folder importable in its virtual environment and put `subgrants` on its path, without a network."""

import os
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

COMMAND = f"""#!{sys.executable}
import sys
from entrypoints.cli import main
sys.exit(main())
"""


def main() -> None:
    if sys.prefix == sys.base_prefix:
        sys.exit("Run this with the Python of a virtual environment.")
    Path(sysconfig.get_path("purelib"), "subgrants.pth").write_text(f"{HERE}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts"), "subgrants")
    command.write_text(COMMAND, encoding="utf-8")
    os.chmod(command, 0o755)


if __name__ == "__main__":
    main()
