"""What a process sees where only requirements.lock is installed: every other package is missing for it."""

import os
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# For the environment of a process: Python takes sitecustomize from there before anything else.
PATH = os.pathsep.join([str(HERE), str(ROOT)])
