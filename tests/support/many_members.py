"""As many invented members as a chain has: names as common as they are in China, phones, cards, last visits.

Nobody here exists. Shares of surnames: the count of the Ministry of Public Security of China of 2007 for the first
twenty, falling off evenly behind them, with surnames that are read two ways given a share that tests can find. The
same seed gives the same members, in the order in which they joined.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from pos_app.domain import cards
from pos_app.domain.members import Consent, KeyKind, Member, MemberKey, Profile, Purpose
from pos_app.domain.values.ids import ConsentId, MemberId, ShopId, StaffId

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""The moment at which the members stand as they are; all visits are before it."""
YEARS = 3
WITHOUT_NAME, WITH_CARD, SECOND_PHONE, SHARED_PHONE = 0.08, 0.30, 0.04, 0.002
NEVER, ELSEWHERE = 0.2, 0.5
"""Below the first share a member never came anywhere, below the second she only came to another shop."""
OTHER_SHOPS = tuple(ShopId(UUID(int=0xE15E << 64 | n)) for n in range(1, 4))

_SURNAMES = """
王7.25 李7.19 张6.83 刘5.38 陈4.53 杨3.08 赵2.29 黄2.23 周2.12 吴2.05 徐1.67 孙1.54 胡1.31 朱1.26 高1.21 林1.18
何1.17 郭1.15 马1.15 罗0.95 梁0.84 宋0.81 郑0.78 谢0.72 韩0.68 唐0.65 冯0.64 于0.62 董0.61 萧0.59 程0.57 曹0.57
袁0.54 邓0.53 许0.53 傅0.51 沈0.50 曾0.50 彭0.49 吕0.47 苏0.47 卢0.47 蒋0.47 蔡0.46 贾0.42 丁0.41 魏0.40 薛0.40
叶0.40 阎0.38 余0.37 潘0.37 杜0.36 戴0.35 夏0.34 钟0.34 汪0.34 田0.33 任0.33 姜0.33 范0.32 方0.32 石0.31 姚0.31
谭0.30 廖0.30 邹0.29 熊0.29 金0.28 陆0.28 郝0.27 孔0.26 白0.26 崔0.25 康0.24 毛0.24 邱0.24 秦0.24 江0.23 史0.23
顾0.22 侯0.22 邵0.21 孟0.21 龙0.20 万0.20 段0.19 雷0.19 钱0.19 汤0.18 尹0.18 黎0.17 易0.17 常0.16 武0.16 乔0.15
贺0.15 赖0.15 龚0.14 文0.14 翟0.10 单0.06 解0.06 仇0.04 查0.04 朴0.04 区0.03 盖0.02 华0.06 覃0.06 尉0.02 缪0.03
欧阳0.07 上官0.01 司马0.01 诸葛0.01 尉迟0.005 万俟0.002 长孙0.002 单于0.001 令狐0.004 慕容0.004 夏侯0.002
"""
_GIVEN_COMMON = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玉华建文国金梅志海春林燕雪荣辉飞鹏婷慧宇欣晨浩佳子梓轩涵萱"
    "怡雨博思嘉俊豪琪瑶诗语泽宏鑫波斌莹倩颖萍琳云凤龙清峰东亮成利新生永康健凯宁帆阳晓小天一可心若安乐然悦彤妍晴"
)
_GIVEN_RARE = "祎赟喆堃婳䶮镕茜行朝传重长曾吕绿旅女略珏筠颉芎翀彧翊赟燚犇淼焱垚骉懿曦璟琰𬭎龘瑨玥旻昶"
_PREFIXES = """
134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 184 187 188 195 197 198
130 131 132 145 155 156 166 175 176 185 186 196
133 149 153 173 177 180 181 189 190 191 193 199
"""
"""Prefixes of the three networks of the mainland, in the order of their size."""
_PREFIX_OF = tuple(_PREFIXES.split())
_OWNERS = ("妈妈", "爸爸", "奶奶", None)


class _Names:
    """Names drawn by their shares."""

    def __init__(self, random: Random) -> None:
        entries = _SURNAMES.split()
        self._random = random
        self._surnames = [entry.rstrip("0123456789.") for entry in entries]
        shares = [float(e[len(s) :]) for e, s in zip(entries, self._surnames, strict=True)]
        self._surname_shares = list(accumulate(shares))
        self._given = list(_GIVEN_COMMON + _GIVEN_RARE)
        common = [1 / (place + 12) for place in range(len(_GIVEN_COMMON))]
        self._given_shares = list(accumulate(common + [0.0004] * len(_GIVEN_RARE)))

    def draw(self) -> str | None:
        """Return a name, None for a member who left only a phone."""
        draw = self._random.random()
        if draw < WITHOUT_NAME:
            return None
        if draw > 0.997:
            return self._random.choice(
                ("Anna Smith", "王 Lily", "Zoë Müller", "José", "Aisin-Gioro", "陈2号")
            )
        surname = self._random.choices(self._surnames, cum_weights=self._surname_shares)[0]
        length = 1 if draw < 0.25 else 2
        return surname + "".join(self._random.choices(self._given, cum_weights=self._given_shares, k=length))


def phone_of(number: int) -> str:
    """Return the first phone of the member of a number, from 0, in E.164: no two are the same below 50,000,000."""
    spread = (number * 61_803_399 + 27_182_818) % 100_000_000
    return f"+86{_PREFIX_OF[spread * 7 % len(_PREFIX_OF)]}{spread:08d}"


def many_members(count: int, here: ShopId, seed: int = 1, first: int = 0) -> Iterator[Member]:
    """Return invented members of a chain of which `here` is one shop, the first to join first.

    Their phones and cards are those of the numbers from `first`: others than of the members before.
    """
    random = Random(seed)
    names = _Names(random)
    began = NOW - timedelta(days=365 * YEARS)
    step = timedelta(days=365 * YEARS) / (count + 1)
    for number in range(count):
        # Members join in order and a visit is later than that, on a whole millisecond as the store keeps it.
        joined = _whole_ms(began + step * number)
        yield _member(random, names.draw(), first + number, joined, here)


def _member(random: Random, name: str | None, number: int, joined: datetime, here: ShopId) -> Member:
    where = random.random()
    shop = here if where >= ELSEWHERE else OTHER_SHOPS[number % len(OTHER_SHOPS)]
    visit = None if where < NEVER else _whole_ms(joined + (NOW - joined) * random.random())
    return Member(
        member_id=MemberId(_id(joined, number)),
        joined_at=joined,
        joined_shop=shop,
        profile=Profile(name=name, keys=_keys(random, number)),
        consents=(_consent(joined, number),),
        last_visit_at=visit,
        visits=0 if visit is None else 1 + int(random.expovariate(0.2)),
    )


def _keys(random: Random, number: int) -> tuple[MemberKey, ...]:
    keys = [MemberKey(kind=KeyKind.PHONE, value=phone_of(number))]
    if random.random() < WITH_CARD:
        keys.append(MemberKey(kind=KeyKind.CARD, value=cards.make(f"{number:0{cards.SERIAL_DIGITS}d}")))
    if random.random() < SECOND_PHONE:
        second = phone_of(number + 25_000_000)
        keys.append(MemberKey(kind=KeyKind.PHONE, value=second, owner=random.choice(_OWNERS)))
    if number and random.random() < SHARED_PHONE:
        keys.append(MemberKey(kind=KeyKind.PHONE, value=phone_of(number - 1), shared=True))
    return tuple(keys)


def _consent(at: datetime, number: int) -> Consent:
    return Consent(
        consent_id=ConsentId(_id(at, number + (1 << 40))),
        purpose=Purpose.MEMBERSHIP,
        given=True,
        text_version="2026-01",
        how="spoken",
        by=StaffId(UUID(int=7)),
        at=at,
    )


def _id(at: datetime, number: int) -> UUID:
    """Return a UUIDv7 of a moment, told apart by a number."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)


def _whole_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
