"""Write the golden files of messages that have none; never touches one that is there.

python -m tests.unit.sync.protocol.golden
"""

import json
from pathlib import Path

from sync.protocol.codec import encode
from sync.protocol.errors import Number
from tests.unit.sync.protocol import samples

FOLDER = Path(__file__).parent


def main() -> None:
    """Write what is missing."""
    for kind, messages in (("whole", samples.WHOLE), ("least", samples.LEAST)):
        for name, message in messages.items():
            _write(FOLDER / f"{kind}.{name}.hex", encode(message).hex())
    _write(FOLDER / "numbers.json", json.dumps({number.name: number.value for number in Number}, indent=1))


def _write(file: Path, text: str) -> None:
    if not file.exists():
        file.write_text(text + "\n", "utf-8")
        print(file)


if __name__ == "__main__":
    main()
