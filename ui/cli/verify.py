"""`shuke verify`: prove the books, and name what is wrong and where."""

import argparse
import json

from ui.cli.speech import end_progress, progress, say, show, speak_like


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the head printed on a Z report, and --json."""
    from pos_app.words import translate

    parser.add_argument("--z", metavar="HEAD", help=translate("cli.help.verify_z"))
    parser.add_argument("--json", action="store_true", help=translate("cli.help.json"))


def run(chosen: argparse.Namespace) -> int:
    """Check the books of the data folder; 1 when something is wrong."""
    from pos_app.persistence.secrets import Ed25519Verifier
    from pos_app.services.proof import verify
    from pos_app.words import format_count, translate
    from ui.main import home, open_shop

    shop = open_shop(home())
    try:
        speak_like(shop.current.value)
        proof = verify(
            shop.store,
            Ed25519Verifier(),
            lambda facts: progress("proof.progress", facts=format_count(facts)),
            chosen.z,
        )
    finally:
        shop.store.close()
    end_progress()
    if chosen.json:
        found = [{"code": f.code, "place": f.place, "text": translate(f.code)} for f in proof.findings]
        result = {"passed": proof.passed, "facts": proof.facts, "sales": proof.sales, "head": proof.head}
        show(json.dumps({**result, "findings": found}))
        return 0 if proof.passed else 1
    for finding in proof.findings:
        show(f"{finding.place}\t{translate(finding.code)}")
    numbers = {"facts": format_count(proof.facts), "sales": format_count(proof.sales), "head": proof.head}
    if proof.passed:
        say("proof.passed", **numbers)
    else:
        say("proof.failed", found=format_count(len(proof.findings)), **numbers)
    return 0 if proof.passed else 1
