"""A customer's phone on one small page: her payment code as barcode and digits, her password, what was moved.

Decides what is shown; every button asks the simulator's own addresses. It loads nothing from elsewhere.
"""

from datetime import UTC, datetime, timedelta
from html import escape
from itertools import groupby

from pos_app.words import language, speaking, translate
from sync.payments.simulator.wallets import Wallets

_LAST = 12
_STYLE = """
:root{color-scheme:light dark;--ink:#1d2330;--soft:#5c6475;--line:#dfe3ea;--page:#f5f6f8;--card:#fff;--blue:#2456c8}
@media(prefers-color-scheme:dark){:root{--ink:#e9ecf2;--soft:#a3acbd;--line:#343b49;--page:#14171d;--card:#1d222b;
--blue:#7ea6ff}}
body{margin:0;padding:24px;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:880px;margin:auto}h1{font-size:22px;margin:0}p{color:var(--soft);margin:4px 0 20px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:16px}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin-bottom:16px}
h2{font-size:17px;margin:0 0 4px}.soft{color:var(--soft)}.code{font:600 22px/1.6 ui-monospace,monospace;
letter-spacing:.06em;user-select:all}.bars{background:#fff;padding:12px;border-radius:8px;margin:12px 0;height:88px}
.bars img{display:block;width:100%;height:100%}
button{font:inherit;min-height:44px;padding:0 16px;border-radius:8px;border:1px solid var(--line);
background:transparent;color:var(--ink);cursor:pointer;margin:4px 8px 0 0}
button.first{background:var(--blue);border-color:var(--blue);color:#fff}
@media(prefers-color-scheme:dark){button.first{color:#10131a}}
table{width:100%;border-collapse:collapse;font-size:14px}td{padding:6px 4px;border-top:1px solid var(--line)}
td.sum{text-align:right;font-variant-numeric:tabular-nums}
"""
_SCRIPT = """
async function ask(path, said){await fetch(path,{method:'POST',body:JSON.stringify(said)})}
async function show(wallet){const a=await fetch('/sim/codes',{method:'POST',body:JSON.stringify({wallet})});
const c=(await a.json()).code;document.getElementById(wallet+'_code').textContent=c.replace(/(.{4})/g,'$1 ').trim();
document.getElementById(wallet+'_code').dataset.code=c;
document.getElementById(wallet+'_bars').src='data:image/svg+xml;utf8,'+encodeURIComponent(bars(c))}
async function take(wallet){const c=document.getElementById(wallet+'_code').dataset.code||'';
await navigator.clipboard.writeText(c)}
async function decide(wallet,number,enters){await ask('/sim/password',{wallet,number,enters});location.reload()}
const W=PATTERNS;
function bars(digits){const v=[105];for(let i=0;i<digits.length;i+=2)v.push(+digits.substr(i,2));
let s=105;for(let i=1;i<v.length;i++)s+=i*v[i];v.push(s%103);v.push(106);
let x=0,r='';for(const n of v){W[n].split('').forEach((w,i)=>{
if(i%2===0)r+=`<rect x="${x}" y="0" width="${w}" height="40"/>`;x+=+w})}
return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x} 40" preserveAspectRatio="none"
shape-rendering="crispEdges">${r}</svg>`}
show('wechat_pay');show('alipay');
"""


def page_of(wallets: Wallets, now_ms: int, lang: str) -> str:
    """Return the page as HTML in one of the program's languages."""
    with speaking(lang):
        cards = "".join(_card(wallets, wallet) for wallet in ("wechat_pay", "alipay"))
        return (
            f'<!doctype html><html lang="{language().replace("_", "-")}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{_word("title")}</title>'
            f"<style>{_STYLE}</style></head><body><main><h1>{_word('title')}</h1><p>{_word('lead')}</p>"
            f'{_waiting(wallets, now_ms)}<div class="cards">{cards}</div>'
            f"<section><h2>{_word('moved')}</h2>{_statement(wallets)}</section>"
            f"</main><script>{_SCRIPT.replace('PATTERNS', _patterns())}</script></body></html>"
        )


def _word(name: str) -> str:
    return escape(translate(f"wallets.simulator.{name}"))


def _card(wallets: Wallets, wallet: str) -> str:
    customer = wallets.bank.customer_of(wallet)
    balance = wallets.bank.balance(customer) if customer is not None else 0
    return (
        f"<section><h2>{_word(wallet)}</h2>"
        f'<div class="soft">{_word("balance")} {_yuan(balance)} · {_word("good")}</div>'
        f'<div class="bars"><img id="{wallet}_bars" alt=""></div><div class="code" id="{wallet}_code"></div>'
        f'<button class="first" onclick="show(\'{wallet}\')">{_word("new")}</button>'
        f"<button onclick=\"take('{wallet}')\">{_word('copy')}</button></section>"
    )


def _waiting(wallets: Wallets, now_ms: int) -> str:
    return "".join(
        f"<section><h2>{_word('waits')}</h2><div>{_word(wallet)} · {_yuan(amount)}</div>"
        f"<button class=\"first\" onclick=\"decide('{wallet}','{escape(number)}',true)\">{_word('enter')}</button>"
        f"<button onclick=\"decide('{wallet}','{escape(number)}',false)\">{_word('refuse')}</button></section>"
        for wallet, number, amount in wallets.bank.waiting(now_ms)
    )


def _statement(wallets: Wallets) -> str:
    moves = wallets.bank.statement()[-_LAST:][::-1]
    if not moves:
        return f'<div class="soft">{_word("empty")}</div>'
    return "<table>" + "".join(_row(move) for move in moves) + "</table>"


def _row(move: dict[str, object]) -> str:
    at, amount = _clock(int(str(move["at_ms"]))), _yuan(int(str(move["amount"])))
    return (
        f"<tr><td>{at}</td><td>{_word(str(move['wallet']))}</td><td>{_word(str(move['kind']))}</td>"
        f'<td class="soft">{escape(str(move["number"]))}</td><td class="sum">{amount}</td></tr>'
    )


def _yuan(fen: int) -> str:
    return f"{'−' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def _clock(at_ms: int) -> str:
    local = datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(hours=8)
    return local.strftime("%H:%M:%S")


def _patterns() -> str:
    """Return the widths of Code 128's bars and spaces as a JavaScript list (ISO/IEC 15417, table 1)."""
    from barcode.charsets.code128 import CODES, STOP

    # The package leaves the two modules that end every symbol to its writer.
    return "[" + ",".join(f"'{_runs(modules)}'" for modules in (*CODES, STOP + "11")) + "]"


def _runs(modules: str) -> str:
    return "".join(str(len(tuple(run))) for _, run in groupby(modules))
