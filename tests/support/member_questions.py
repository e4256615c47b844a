"""Questions that people type to find a member, with what they mean; and an answer by LIKE to compare with.

The answers come from a plain table without any key: each member's name, what is spoken of it, and her numbers, in text
columns. Decides nothing about how members are found.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from pos_app.domain.members import KeyKind, Member
from pos_app.domain.values.ids import ShopId
from tests.support.name_readings import folded_name, spoken

PAGE = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, what is looked for in the text columns, and of which kind it is."""

    typed: str
    plain: str
    kind: str


class LikeAnswers:
    """The oracle: LIKE over a table of text columns."""

    def __init__(self, members: Iterable[Member], here: ShopId) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, member, last_visit_here, last_visit, name, spoken, numbers,"
            " cards)"
        )
        for member in members:
            self.add(member, here)

    def add(self, member: Member, here: ShopId) -> None:
        """Write a member down, the newest last."""
        visit = member.last_visit_at.timestamp() if member.last_visit_at else 0
        at_home = member.joined_shop == here
        last = max(visit, member.joined_at.timestamp()) if at_home else visit
        row = (member.member_id.bytes, last if at_home else 0, last, *_texts(member))
        self._connection.execute("INSERT INTO person VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)

    def edit(self, member: Member) -> None:
        """Write a member's texts anew."""
        self._connection.execute(
            "UPDATE person SET name = ?, spoken = ?, numbers = ?, cards = ? WHERE member = ?",
            (*_texts(member), member.member_id.bytes),
        )

    def visit(self, member: Member, at_s: float) -> None:
        """Write a visit to this shop down."""
        self._connection.execute(
            "UPDATE person SET last_visit_here = max(last_visit_here, ?1), last_visit = max(last_visit, ?1)"
            " WHERE member = ?2",
            (at_s, member.member_id.bytes),
        )

    def erase(self, member: Member) -> None:
        """Forget a member."""
        self._connection.execute("DELETE FROM person WHERE member = ?", (member.member_id.bytes,))

    def ask(self, plain: str) -> tuple[list[bytes], int]:
        """Return the ids of the first page, and how many there are."""
        rows = self._connection.execute(
            "SELECT member, count(*) OVER () FROM person WHERE name LIKE ?1 OR ?3 AND spoken LIKE '%|' || ?2 || '%'"
            " OR ?4 AND (numbers LIKE ?1 OR cards LIKE '%|' || ?2 || '|%')"
            " ORDER BY last_visit_here DESC, last_visit DESC, id DESC LIMIT ?5",
            # Spoken words have letters in every place from which they are read, and numbers none.
            (f"%{plain}%", plain, any("a" <= c <= "z" for c in plain), plain.isdigit(), PAGE),
        ).fetchall()
        return [row[0] for row in rows], rows[0][1] if rows else 0


def _texts(member: Member) -> tuple[str, str, str, str]:
    name = member.profile.name or ""
    phones = [k.value[3:] for k in member.profile.keys if k.kind is KeyKind.PHONE]
    numbers = [k.value for k in member.profile.keys if k.kind is KeyKind.CARD]
    return (
        folded_name(name),
        "|" + "|".join(spoken(name)) if name else "",
        " ".join(phones),
        f"|{'|'.join(numbers)}|",
    )


def questions(members: Sequence[Member], count: int, seed: int) -> list[Question]:
    """Return questions of every kind, a quarter of which find nobody."""
    random = Random(seed)
    named = [m for m in members if m.profile.name]
    made = []
    for number in range(count):
        if number % 4 == 3:
            made.append(_miss(random))
        elif number % 4 == 2:
            made.append(_number(random, random.choice(members)))
        else:
            made.append(_name(random, random.choice(named)))
    return made


def _miss(random: Random) -> Question:
    digits = "".join(random.choices("0123456789", k=4))
    # No syllable has these letters, no name these characters, no number these digits in its middle or its length.
    plain = random.choice(
        (f"vvq{digits}", f"饕餮{digits[0]}", f"2{digits * 3}", f"iu{digits}", "鼗" + digits)
    )
    return Question(plain, plain, "miss")


def _number(random: Random, member: Member) -> Question:
    phone = (member.phone or "")[3:]
    cards = [k.value for k in member.profile.keys if k.kind is KeyKind.CARD]
    kind = random.choice(("phone", "last four", "anywhere", "short", "card"))
    if kind == "card" and cards:
        plain = cards[0]
        return Question(
            random.choice((plain, " ".join(plain[i : i + 4] for i in (0, 4, 8, 12)))), plain, kind
        )
    if kind == "last four":
        return Question(phone[-4:], phone[-4:], kind)
    if kind in ("anywhere", "short"):
        length = random.randint(1, 3) if kind == "short" else random.randint(4, 9)
        start = random.randint(0, 11 - length)
        plain = phone[start : start + length]
        return Question(_dressed(random, plain), plain, kind)
    ways = (
        phone,
        f"+86{phone}",
        f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}",
        f"0086{phone}",
        f"86-{phone}",
        f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
        f" ({phone[:3]}) {phone[3:]}",
        _wide(phone),
    )
    return Question(random.choice(ways), phone, "phone")


def _name(random: Random, member: Member) -> Question:
    name = member.profile.name or ""
    kind = random.choice(("name", "one character", "part", "pinyin", "initials"))
    compared, said = folded_name(name), spoken(name)
    if kind in ("pinyin", "initials") and said:
        plain = random.choice(said)
        plain = plain[: random.randint(1, len(plain))]
        typed = plain.replace("v", "ü") if random.random() < 0.3 else plain
        return Question(_dressed(random, typed), plain, kind)
    length = {"one character": 1, "name": len(compared)}.get(kind, random.randint(1, len(compared)))
    start = random.randint(0, len(compared) - length)
    plain = compared[start : start + length]
    return Question(_dressed(random, plain), plain, kind)


def _dressed(random: Random, plain: str) -> str:
    """Return a text as somebody types it: with blanks or dashes, in capitals, in full width, or as it is."""
    way = random.randrange(6)
    if way == 0:
        return f" {plain} "
    if way == 1 and len(plain) > 1:
        middle = random.randint(1, len(plain) - 1)
        return plain[:middle] + random.choice((" ", "-", "　")) + plain[middle:]
    if way == 2:
        return plain.upper()
    return _wide(plain) if way == 3 else plain


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
