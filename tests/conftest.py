"""What every test shares: no screen, a data folder of its own, invented people only."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
