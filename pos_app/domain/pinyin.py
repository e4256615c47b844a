"""How a Chinese character is read: toneless pinyin, several readings where names need them.

Decides which readings of a character in a name are searched: the commonest one of pypinyin's table, except for the
characters below, whose other reading is a surname's or usual in given names. Readings come without tones; ü stands as
v and as u, since keyboards write both. The table of pypinyin is loaded when the first character is asked for, never
at the start of a till.
"""

import unicodedata
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import islice, product
from typing import NamedTuple

MAX_COMBINATIONS = 32
"""How many ways of reading one name are kept: three characters with three readings each stay below it."""
CACHED_CHARACTERS = 8192

_SURNAMES = """
曾 zeng ceng|单 shan dan chan|解 xie jie|仇 qiu chou|查 zha cha|朴 piao pu|区 ou qu|盖 ge gai|翟 zhai di|尉 wei yu
万 wan mo|俟 si qi|澹 tan dan|长 chang zhang|缪 miao mou|种 chong zhong|召 shao zhao|员 yun yuan|秘 bi mi|繁 po fan
折 she zhe|洗 xian xi|乜 nie mie|佴 nai er|覃 qin tan|宓 mi fu|祭 zhai ji|乐 yue le|郗 xi chi|郇 xun huan|能 nai neng
隗 wei kui|句 gou ju|贾 jia gu|柏 bai bo|车 che ju|粘 nian zhan|阚 kan|盛 sheng cheng|晟 sheng cheng|强 qiang jiang
牟 mou mu|都 du dou|藏 zang cang|适 shi kuo|谌 chen shen|卜 bu bo|黑 he hei|会 gui hui
"""
"""Characters that a surname reads in its own way: that way first, then the one that everybody knows."""
_GIVEN = """
行 xing hang heng|重 zhong chong|朝 chao zhao|传 chuan zhuan|茜 qian xi|娜 na nuo|莎 sha suo|调 tiao diao|藉 ji jie
乾 qian gan|降 jiang xiang|省 sheng xing|说 shuo yue|樂 le yue|長 chang zhang|奇 qi ji|参 can shen|石 shi dan|系 xi ji
禅 chan shan|弹 tan dan|校 xiao jiao|屏 ping bing|扁 bian pian|薄 bo bao|颉 jie xie|栎 li yue|阿 a e|伽 jia qie
茄 qie jia|卡 ka qia|莞 wan guan|筠 yun jun|浚 jun xun|峒 dong tong|焘 tao dao|芎 xiong qiong|崴 wei wai
"""
"""Characters of given names with two readings in use."""
_POLYPHONES = {
    entry[0]: tuple(entry[2:].split())
    for entry in (_SURNAMES + _GIVEN).replace("\n", "|").split("|")
    if entry
}


class Spelling(NamedTuple):
    """One character: its spellings (ü twice), and the first letters of them."""

    syllables: tuple[str, ...]
    initials: tuple[str, ...]


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    # The module alone: the package would load its table of phrases too, 55 MB that no name needs.
    package = find_spec("pypinyin")
    alone = (
        PathFinder.find_spec("pypinyin.pinyin_dict", package.submodule_search_locations) if package else None
    )
    if alone is None or alone.loader is None:
        from pypinyin.pinyin_dict import pinyin_dict as read
    else:
        module = module_from_spec(alone)
        alone.loader.exec_module(module)
        read = module.pinyin_dict
    table: dict[int, str] = read
    return table


def _plain(toned: str) -> str:
    """Return a syllable without its tone; ü as v."""
    apart = unicodedata.normalize("NFD", toned)
    return "".join("v" if c == "ü" else c for c in unicodedata.normalize("NFC", _without_tones(apart)))


def _without_tones(apart: str) -> str:
    return "".join(c for c in apart if not unicodedata.combining(c) or c == "\u0308")


@lru_cache(maxsize=CACHED_CHARACTERS)
def spelling(character: str) -> Spelling:
    """Return how a character is spelled; a character that nobody can read stands for itself."""
    readings = _POLYPHONES.get(character)
    if readings is None:
        readings = (_plain(_table().get(ord(character), character).split(",")[0]),)
    syllables = [s for r in readings for s in ((r, r.replace("v", "u")) if "v" in r else (r,))]
    return Spelling(tuple(syllables), tuple(dict.fromkeys(s[0] for s in syllables)))


def as_it_is(letters: str) -> Spelling:
    """Return a run of letters within a name as one syllable."""
    return Spelling((letters,), (letters[0],))


def combinations(choices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the ways to take one of each, those of the first places before those of the last, bounded."""
    if max(map(len, choices)) == 1:
        return [tuple([options[0] for options in choices])]
    ways = product(*reversed(choices))
    return [way[::-1] for way in islice(ways, MAX_COMBINATIONS)]
