"""Practice as a till's window starts it: `python -m ui.cli.practice_child`, never typed by hand.

Decides only that it is `shuke till --practice`, wherever the command of that name stands.
"""

import sys

from ui.cli import main

if __name__ == "__main__":
    sys.exit(main(["till", "--practice"]))
