"""Attacks on a sealed journal by somebody who has the file, and what the verifier must say of each.

Attackers do not have the key unless the attack says so; they compute hashes as well as we do.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import rfc8785

from state.chain_flaws import Flaw
from state.seal_keys import Signer
from tests.state.sealing import JOURNAL_ID, signer
from tests.state.tampering import Cells, rehash

HEAD = "journal.head"
Rows = list[Cells]


@dataclass(frozen=True)
class Attack:
    """The rows that an attack leaves, and what must be said.

    `flaw` and `seq` are what the verifier must name; `touched` must be within the rows that it suspects.
    """

    rows: Rows
    flaw: Flaw
    seq: int
    touched: int | None = None


def copied(rows: Rows) -> Rows:
    return [list(row) for row in rows]


def heads(rows: Rows) -> list[int]:
    return [row[0] for row in rows if row[3] == HEAD]


def next_head(rows: Rows, seq: int) -> int:
    """The first head behind a row."""
    return next(head for head in heads(rows) if head > seq)


def renumbered(rows: Rows) -> Rows:
    return [[number, *row[1:]] for number, row in enumerate(rows, start=1)]


def plain(rows: Rows, chance: random.Random) -> int:
    """Any row between the first and the last that is neither a head nor a run's end nor directly before a head."""
    special = {row[0] for row in rows if row[3] in (HEAD, "run.finished")}
    signed = {seq - 1 for seq in heads(rows)}
    return chance.choice([row[0] for row in rows[1:-1] if row[0] not in special | signed])


def delete(rows: Rows, chance: random.Random) -> Attack:
    seq = chance.randrange(1, len(rows))
    return Attack([row for row in rows if row[0] != seq], Flaw.GAP, seq + 1, seq)


def delete_and_renumber(rows: Rows, chance: random.Random) -> Attack:
    seq = chance.randrange(1, len(rows))
    return Attack(renumbered([row for row in rows if row[0] != seq]), Flaw.GAP, seq, seq)


def delete_and_rehash(rows: Rows, chance: random.Random) -> Attack:
    seq = plain(rows, chance)
    left = rehash(renumbered([row for row in rows if row[0] != seq]), seq - 1)
    return Attack(left, Flaw.GAP, next_head(rows, seq) - 1, seq)


def swap(rows: Rows, chance: random.Random) -> Attack:
    one, other = sorted(chance.sample(range(1, len(rows) + 1), 2))
    left = copied(rows)
    left[one - 1], left[other - 1] = [one, *rows[other - 1][1:]], [other, *rows[one - 1][1:]]
    return Attack(left, Flaw.SWAPPED, one, one)


def swap_and_rehash(rows: Rows, chance: random.Random) -> Attack:
    one = plain(rows[: heads(rows)[-2]], chance)
    other = one
    while other == one or next_head(rows, other) != next_head(rows, one):
        other = plain(rows, chance)
    left = copied(rows)
    left[one - 1], left[other - 1] = [one, *rows[other - 1][1:]], [other, *rows[one - 1][1:]]
    first = min(one, other)
    return Attack(rehash(left, first - 1), Flaw.REWRITTEN, next_head(rows, first) - 1, first)


def insert(rows: Rows, chance: random.Random) -> Attack:
    """A row that continues the one before it, as the forger can make it; the rest goes on as it was."""
    seq = chance.randrange(2, len(rows))
    left = renumbered([*rows[: seq - 1], list(rows[plain(rows, chance) - 1]), *rows[seq - 1 :]])
    forged = rehash(left, seq - 1)[seq - 1]
    return Attack([*left[: seq - 1], forged, *left[seq:]], Flaw.INSERTED, seq + 1, seq)


def insert_and_rehash(rows: Rows, chance: random.Random) -> Attack:
    seq = plain(rows, chance)
    left = renumbered([*rows[: seq - 1], list(rows[seq - 1]), *rows[seq - 1 :]])
    return Attack(rehash(left, seq - 1), Flaw.INSERTED, next_head(rows, seq) + 1, seq)


def cut(rows: Rows, chance: random.Random) -> Attack:
    """The end with its heads, or an older copy in place of the file: the same rows."""
    seq = chance.randrange(1, len(rows))
    return Attack(copied(rows[:seq]), Flaw.CUT, seq + 1, seq + 1)


def _edited(rows: Rows, seq: int) -> Rows:
    left = copied(rows)
    left[seq - 1][7] = '{"text":"nothing happened"}'
    return left


def rewrite(rows: Rows, chance: random.Random) -> Attack:
    """One row with a hash of its own that fits; the row behind it still names the old one."""
    seq = plain(rows, chance)
    left = _edited(rows, seq)
    left[seq - 1] = rehash(left, seq - 1)[seq - 1]
    return Attack(left, Flaw.REWRITTEN, seq + 1, seq)


def rewrite_and_rehash(rows: Rows, chance: random.Random) -> Attack:
    seq = plain(rows, chance)
    return Attack(rehash(_edited(rows, seq), seq - 1), Flaw.REWRITTEN, next_head(rows, seq) - 1, seq)


def unsign(rows: Rows, chance: random.Random) -> Attack:
    """No heads at all any more, from some head on or from the first."""
    first = chance.choice(heads(rows))
    left = [row for row in rows if row[3] != HEAD or row[0] < first]
    if first == heads(rows)[-1]:
        left.append([first, *rows[-2][1:3], "request.note", *rows[-2][4:7], '{"text":"no head"}', "", ""])
    return Attack(rehash(renumbered(left), first - 1), Flaw.UNSIGNED, first, first)


def unsign_one(rows: Rows, chance: random.Random) -> Attack:
    """Another row in place of a head, so that the numbers still fit."""
    seq = chance.choice(heads(rows)[:-1])
    left = copied(rows)
    left[seq - 1] = [
        seq,
        *rows[seq - 2][1:3],
        "request.note",
        *rows[seq - 2][4:7],
        '{"text":"no head"}',
        "",
        "",
    ]
    return Attack(rehash(left, seq - 1), Flaw.UNSIGNED, seq, seq)


def forge_signature(rows: Rows, chance: random.Random) -> Attack:
    seq = chance.choice(heads(rows))
    left = copied(rows)
    data = json.loads(left[seq - 1][7])
    name = chance.choice(["signature", "public_key", "at", "previous", "journal_id"])
    data[name] = {"at": "2026-11-20T03:00:00.000001Z", "previous": 1, "journal_id": "other"}.get(
        name, bytes(byte ^ (1 << chance.randrange(8)) for byte in bytes.fromhex(data["signature"])).hex()
    )
    if name == "public_key":
        data[name] = signer(3).public_key
    left[seq - 1][7] = rfc8785.dumps(data).decode()
    return Attack(rehash(left, seq - 1), Flaw.FORGED, seq, seq)


def resealed(rows: Rows, start: int, key: Signer) -> Rows:
    """The rows with sound hashes and heads, signed with a key of the attacker's, from an index on."""
    left = copied(rows)
    for index in range(start, len(left)):
        left[index][8] = left[index - 1][9] if index else "0" * 64
        if left[index][3] == HEAD:
            data = json.loads(left[index][7]) | {"hash": left[index][8], "public_key": key.public_key}
            content = [JOURNAL_ID, data["seq"], data["hash"], data["previous"], data["at"]]
            data["signature"] = key.sign(rfc8785.dumps(content)).hex()
            left[index][7] = rfc8785.dumps(data).decode()
        left[index] = rehash([*left[: index + 1]], index)[index]
    return left


def reseal(rows: Rows, chance: random.Random) -> Attack:
    """Nothing changed, but every head from some row on is of another key."""
    first = chance.choice(heads(rows))
    return Attack(resealed(rows, first - 1, signer(2)), Flaw.RESEALED, first, first)


def rewrite_and_reseal(rows: Rows, chance: random.Random) -> Attack:
    seq = plain(rows, chance)
    left = resealed(_edited(rows, seq), seq - 1, signer(2))
    return Attack(left, Flaw.RESEALED, next_head(rows, seq) - 1, seq)


def rewrite_with_the_key(rows: Rows, chance: random.Random) -> Attack:
    """By somebody who has the journal's own key: only what was kept elsewhere can tell."""
    seq = plain(rows, chance)
    left = resealed(_edited(rows, seq), seq - 1, signer(1))
    return Attack(left, Flaw.REWRITTEN, next_head(rows, seq) - 1, seq)


ATTACKS: tuple[Callable[[Rows, random.Random], Attack], ...] = (
    delete,
    delete_and_renumber,
    delete_and_rehash,
    swap,
    swap_and_rehash,
    insert,
    insert_and_rehash,
    cut,
    rewrite,
    rewrite_and_rehash,
    unsign,
    unsign_one,
    forge_signature,
    reseal,
    rewrite_and_reseal,
    rewrite_with_the_key,
)
WITHOUT_ANCHORS = (
    delete,
    delete_and_renumber,
    delete_and_rehash,
    swap,
    swap_and_rehash,
    insert,
    insert_and_rehash,
    rewrite,
    rewrite_and_rehash,
    forge_signature,
)
"""Those that the chain and its heads show by themselves, to anybody who has the file alone."""
