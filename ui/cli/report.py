"""`shuke report sales`: what was sold, for people or as JSON."""

import argparse
import json
from datetime import date

from ui.cli.speech import say, show, speak_like


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the report's name, the days, and --json."""
    from pos_app.words import translate

    parser.add_argument("name", choices=["sales"], help=translate("cli.help.report_name"))
    parser.add_argument("--json", action="store_true", help=translate("cli.help.json"))
    parser.add_argument("--from", dest="first", metavar="DATE", type=date.fromisoformat)
    parser.add_argument("--to", dest="last", metavar="DATE", type=date.fromisoformat)


def run(chosen: argparse.Namespace) -> int:
    """Show the sums of sales between two business dates, both included; amounts in JSON are minor units."""
    from pos_app.services.ports.selling import SalesSums
    from pos_app.services.reports import sales_report
    from pos_app.words import format_amount, format_count, format_date
    from ui.main import home, open_shop

    shop = open_shop(home())
    try:
        speak_like(shop.current.value)
        found = sales_report(shop.store, chosen.first, chosen.last)
        money = shop.current.value.money
    finally:
        shop.store.close()

    def row(sums: SalesSums) -> dict[str, int]:
        return {
            "baskets": sums.baskets,
            "lines": sums.lines,
            "amount": sums.amount,
            "discount": sums.discount,
        }

    if chosen.json:
        days = [{"date": day.isoformat(), **row(sums)} for day, sums in found.days]
        show(json.dumps({"currency": money.code, "digits": money.digits, **row(found.total), "days": days}))
        return 0

    def told(sums: SalesSums) -> dict[str, str]:
        return {
            "baskets": format_count(sums.baskets),
            "lines": format_count(sums.lines),
            "amount": format_amount(sums.amount, money),
            "discount": format_amount(sums.discount, money),
        }

    for day, sums in found.days:
        say("cli.report.day", day=format_date(day), **told(sums))
    say("cli.report.total", **told(found.total))
    return 0
