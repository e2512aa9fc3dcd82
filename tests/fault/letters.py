"""Lower case and white space beside Python's, on Unicode's own data: letters.py [FOLDER].

FOLDER is where Debian's package unicode-data has it. Texts are the strings of its tests of where
characters, words, sentences and lines break, and of normal forms, each alone, joined, and with capital
sigmas between; what is cut out of them is what text.lower().split() gives. What a character becomes is
what UnicodeData.txt and SpecialCasing.txt say, for those that both versions know. Prints how many.
"""
import bz2
import os
import re
import sys
import tempfile
import unicodedata

import streams

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
TESTS = ("auxiliary/WordBreakTest.txt", "auxiliary/GraphemeBreakTest.txt", "auxiliary/SentenceBreakTest.txt",
         "auxiliary/LineBreakTest.txt", "NormalizationTest.txt.bz2")
BREAK = "\ud7ff" # assigned to nothing: neither a letter nor white space


def lines_of(name):
    path = os.path.join(FOLDER, name)
    data = bz2.open(path).read() if name.endswith(".bz2") else streams.read(path)
    for line in data.decode().split("\n"):
        line = line.split("#")[0].strip()
        if line:
            yield line


def characters(codes):
    return "".join(chr(int(code, 16)) for code in codes if not 0xD800 <= int(code, 16) < 0xE000)


def test_strings():
    """What is in the tests, without ends of lines, which are the documents' own."""
    for name in TESTS:
        for line in lines_of(name):
            fields = line.split(";")[:5] if "Normalization" in name else [line]
            for field in fields:
                text = characters(re.findall(r"\b[0-9A-F]{4,6}\b", field)).replace("\n", "")
                if text:
                    yield text


def texts():
    strings = list(dict.fromkeys(test_strings()))
    for text in strings:
        yield from (text, f"A{text}Σ", f"Σ{text}Σ{text}a", text.swapcase(), text.upper() + "Σ")
    for left, right in zip(strings, strings[1:]):
        yield f"{left}\u03a3{right} {left}{right}"


def words_of(documents):
    with tempfile.TemporaryDirectory() as folder:
        path = streams.write(folder, "texts", "".join(text + "\n" for text in documents))
        listed = streams.must(["vectorize", "-q", "--words", "--no-label", path])
    return listed.decode().split("\n")[:-1]


def compare(documents):
    """Words in the order of their first appearance."""
    ours = words_of(documents)
    theirs = list(dict.fromkeys(word for text in documents for word in text.lower().split()))
    return [(ascii(a), ascii(b)) for a, b in zip(ours + [""], theirs + [""]) if a != b], len(theirs)


def known():
    """Characters that Python's version has: theirs and libunistring's are held to be one."""
    newest = tuple(map(int, unicodedata.unidata_version.split(".")[:2]))
    for line in lines_of("DerivedAge.txt"):
        codes, age = (field.strip() for field in line.split(";"))
        if tuple(map(int, age.split("."))) <= newest:
            first, _, last = codes.partition("..")
            yield from range(int(first, 16), int(last or first, 16) + 1)


def cases():
    """What each becomes, wherever it stands and whatever the language."""
    lower = {}
    for line in lines_of("UnicodeData.txt"):
        fields = line.split(";")
        if fields[13]:
            lower[int(fields[0], 16)] = characters([fields[13]])
    for line in lines_of("SpecialCasing.txt"):
        fields = [field.strip() for field in line.split(";")]
        if len(fields) < 6 or not fields[4]:
            lower[int(fields[0], 16)] = characters(fields[1].split())
    there = set(known())
    return {chr(code): small for code, small in lower.items() if code in there}


def compare_cases():
    """A character a document, with a mark that tells it from what others become."""
    wanted = cases()
    documents = [f"{number}x{BREAK}{big}" for number, big in enumerate(wanted)]
    ours = words_of(documents)
    theirs = [f"{number}x{BREAK}{small}" for number, small in enumerate(wanted.values())]
    return [(ascii(a), ascii(b)) for a, b in zip(ours + [""], theirs + [""]) if a != b], len(wanted)


def main():
    documents = list(texts())
    wrong, words = compare(documents)
    wrong_cases, changed = compare_cases()
    print(f"{len(documents)} texts of {words} words, {len(wrong)} otherwise than Python's; "
          f"{changed} characters in lower case, {len(wrong_cases)} otherwise than Unicode's")
    print("\n".join(map(str, (wrong + wrong_cases)[:20])))
    return 1 if wrong or wrong_cases or not words or not changed else 0


if __name__ == "__main__":
    sys.exit(main())
