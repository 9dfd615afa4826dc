"""Which images are held out: by a hash of their names alone."""

import numpy as np
import tensorflow as tf

from components.segmentation_example_gen.choose_split import choose_split
from components.segmentation_example_gen.hash_buckets import hash_buckets
from models.data.is_held_out import is_held_out
from schema.record import FILENAME

NAMES = [f"frame_{index:05d}.jpg" for index in range(2000)]
_MASK = 2**64 - 1


def _held_out(names: list[str], share: float) -> list[str]:
    examples = [tf.train.Example() for _ in names]
    for example, name in zip(examples, names, strict=True):
        example.features.feature[FILENAME].bytes_list.value.append(name.encode())
    records = tf.data.Dataset.from_tensor_slices([example.SerializeToString() for example in examples])
    flags = records.map(lambda serialized: is_held_out(serialized, share)).as_numpy_iterator()
    return [name for name, flag in zip(names, flags, strict=True) if flag]


def _siphash(key: tuple[int, int], text: bytes) -> int:
    """SipHash-2-4 as its authors give it (Aumasson and Bernstein 2012, section 2)."""
    v0, v1 = key[0] ^ 0x736F6D6570736575, key[1] ^ 0x646F72616E646F6D
    v2, v3 = key[0] ^ 0x6C7967656E657261, key[1] ^ 0x7465646279746573

    def turn(value: int, by: int) -> int:
        return (value << by | value >> (64 - by)) & _MASK

    def rounds(count: int) -> None:
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = (v0 + v1) & _MASK, (v2 + v3) & _MASK
            v1, v3 = turn(v1, 13) ^ v0, turn(v3, 16) ^ v2
            v0 = turn(v0, 32)
            v2, v0 = (v2 + v1) & _MASK, (v0 + v3) & _MASK
            v1, v3 = turn(v1, 17) ^ v2, turn(v3, 21) ^ v0
            v2 = turn(v2, 32)

    padded = text + bytes(7 - len(text) % 8) + bytes([len(text) % 256])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xFF
    rounds(4)
    return v0 ^ v1 ^ v2 ^ v3


def test_siphash_by_the_papers_own_example():
    key = tuple(int.from_bytes(bytes(range(start, start + 8)), "little") for start in (0, 8))
    assert _siphash(key, bytes(range(15))) == 0xA129CA6149BE45E5


def test_it_is_siphash_of_the_name_whatever_the_release_of_tensorflow():
    expected = [name for name in NAMES[:200] if _siphash((0x5E6, 0x919E), name.encode()) % 10_000 < 2500]
    assert _held_out(NAMES[:200], 0.25) == expected != []


def test_the_share_is_kept_and_a_greater_one_holds_the_smaller():
    some, more = _held_out(NAMES, 0.1), _held_out(NAMES, 0.3)
    assert len(some) / 2000 == np.clip(len(some) / 2000, 0.08, 0.12)  # three standard deviations
    assert len(more) / 2000 == np.clip(len(more) / 2000, 0.27, 0.33)
    assert set(some) < set(more) and not _held_out(NAMES, 0.0)


def test_it_does_not_depend_on_the_hash_that_split_the_files():
    train = [name for name in NAMES if choose_split(name, hash_buckets(0.3)) == "train"]
    share = len(_held_out(train, 0.2)) / len(train)
    assert 0.17 < share < 0.23
