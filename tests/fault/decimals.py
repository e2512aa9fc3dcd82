"""Decimals as glove-load reads them, beside Python's float and numpy's float32: decimals.py COUNT [SEED].

Random ones of every length, and those that are hard: halfway between two floats, and between the two
doubles next to that, a digit beside it, at the ends of both ranges and below their normal numbers, with
huge exponents, of hundreds of digits. Prints how many of each kind there were.
"""
import collections
import decimal
import os
import random
import struct
import sys
import tempfile

import numpy

import streams

DIM = 50
decimal.getcontext().prec = 1200
MOST_FLOAT, MOST_DOUBLE = 0x7f7fffff, 0x7fefffffffffffff


def float32(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bits_of(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def spelled(draw, value):
    """A Decimal as text, one way or another, perhaps with a digit that makes it more or less."""
    digits, exponent = "".join(map(str, value.as_tuple().digits)), value.as_tuple().exponent
    way = draw.randrange(5)
    if way == 1:
        digits, exponent = digits + "0" * draw.randrange(40) + "1", None
    elif way == 2:
        digits, exponent = str(int(digits) * 10 ** 30 - 1), exponent - 30
    if exponent is None:
        exponent = value.as_tuple().exponent - (len(digits) - len(value.as_tuple().digits))
    if way == 3:
        point = draw.randrange(len(digits) + 1)
        return f"{digits[:point]}.{digits[point:]}e{exponent + len(digits) - point}"
    if way == 4 and -400 < exponent <= 0:
        whole = digits.rjust(1 - exponent, "0")
        return f"{whole[:len(whole) + exponent]}.{whole[len(whole) + exponent:]}"
    return f"{digits}e{exponent}"


def plain(draw):
    digits = "".join(draw.choices("0123456789", k=draw.randint(1, 25)))
    point = draw.randrange(len(digits) + 1)
    return digits[:point] + "." + digits[point:]


def exponential(draw):
    return plain(draw) + draw.choice("eE") + draw.choice(["", "+", "-"]) + str(draw.randrange(60))


def shortest(draw):
    return repr(abs(float32(draw.randrange(MOST_FLOAT))) if draw.random() < 0.5
                else abs(double(draw.randrange(MOST_DOUBLE))))


def rounded(draw):
    return f"{float32(draw.randrange(MOST_FLOAT)):.{draw.randint(1, 20)}{draw.choice('eg')}}"


def tie(draw):
    """Halfway between two floats, which is a double."""
    low = draw.randrange(MOST_FLOAT) if draw.random() < 0.8 else draw.randrange(1 << 23)
    return spelled(draw, (decimal.Decimal(float32(low)) + decimal.Decimal(float32(low + 1))) / 2)


def double_tie(draw):
    """Halfway between a double that is such a tie and the one beside it."""
    low = draw.randrange(MOST_FLOAT)
    middle = bits_of((float32(low) + float32(low + 1)) / 2) + draw.choice((-1, 0))
    return spelled(draw, (decimal.Decimal(double(middle)) + decimal.Decimal(double(middle + 1))) / 2)


def tiny(draw):
    """Below the normal numbers of either kind, and about the least."""
    if draw.random() < 0.5:
        return spelled(draw, decimal.Decimal(double(draw.randrange(1, 1 << draw.randint(1, 52)))))
    return spelled(draw, decimal.Decimal(float32(draw.randrange(1, 1 << draw.randint(1, 23)))) *
                   decimal.Decimal(draw.choice(["0.5", "1", "1.5", "0.49999999999999999999"])))


def edge(draw):
    """About the greatest float and double, and the least."""
    ends = ("3.4028234663852886e38", "3.40282356779733661637539395458142568447e38",
            "1.7976931348623157e308", "1.797693134862315807937e308", "4.9406564584124654e-324",
            "2.4703282292062327208e-324", "7.0064923216240853546186479164495806564e-46",
            "1.1754943508222875e-38", "2.2250738585072014e-308")
    value = decimal.Decimal(draw.choice(ends))
    unit = decimal.Decimal((0, (1,), value.as_tuple().exponent - draw.randrange(3)))
    return spelled(draw, value + draw.randint(-3, 3) * unit)


def huge_exponent(draw):
    digits = draw.randint(1, 400)
    text = plain(draw) if draw.random() < 0.5 else "0." + "0" * digits + plain(draw).replace(".", "")
    return text + "e" + draw.choice("+-") + str(draw.choice(
        (300, 310, 324, 340, 400, 10 ** 6, 10 ** 9, 2 ** 31, 2 ** 32, 2 ** 63, 2 ** 64, 10 ** 30)) +
        draw.randint(-3, 3))


def long(draw):
    digits = "".join(draw.choices("0123456789", k=draw.randint(300, 1500)))
    point = draw.randrange(len(digits) + 1)
    return f"{digits[:point]}.{digits[point:]}e{draw.randint(-1800, 100)}"


def strange(draw):
    """What else Python takes: underscores, names."""
    if draw.random() < 0.3:
        return draw.choice(("inf", "nan", "Infinity", "INF", "NaN", "iNfInItY"))
    groups = ["".join(draw.choices("0123456789", k=draw.randint(1, 4))) for _ in range(draw.randint(2, 5))]
    return "_".join(groups) + draw.choice(("", ".", ".5", ".2_5", "e1_0", "e-1_1"))


COMMON, RARE = (plain, exponential, shortest, rounded, tie, double_tie, tiny), (edge, huge_exponent,
                                                                               long, strange)


def draw_texts(draw, count, kinds):
    for _ in range(count):
        kind = draw.choice(RARE if draw.random() < 0.1 else COMMON)
        kinds[kind.__name__] += 1
        yield draw.choice(("", "-", "-", "+")) + kind(draw)


def compare(texts):
    """Those that come out otherwise: text, what it should be, what it is."""
    rows = [texts[at:at + DIM] for at in range(0, len(texts), DIM)]
    lines = "".join(f"w{i} {' '.join(row)}\n" for i, row in enumerate(rows))
    with tempfile.TemporaryDirectory() as folder:
        vectors = streams.write(folder, "vectors.txt", lines)
        streams.must(["glove-load", "-q", "-o", folder + "/v.mp", vectors])
        streams.must(["mp-cat", "--format", "npy", "-o", folder + "/v.npy", folder + "/v.mp"])
        ours = numpy.load(folder + "/v.npy").reshape(-1).astype("<f4")
    with numpy.errstate(over="ignore"):
        wanted = numpy.array([float(text) for text in texts]).astype("<f4")
    assert ours.shape == wanted.shape, (ours.shape, wanted.shape)
    same = (ours.view("u4") == wanted.view("u4")) | (numpy.isnan(ours) & numpy.isnan(wanted))
    return [(texts[i], wanted[i], ours[i]) for i in numpy.flatnonzero(~same)]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    draw, kinds, wrong, done = random.Random(seed), collections.Counter(), [], 0
    while done < count:
        some = min(count - done, 100000) // DIM * DIM or DIM
        wrong += compare(list(draw_texts(draw, some, kinds)))
        done += some
    print(f"{done} decimals, {len(wrong)} otherwise than numpy has them:",
          ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())))
    for text, wanted, got in wrong[:20]:
        print(f"{text[:200]}: {wanted!r}, not {got!r}")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    sys.exit(main())
