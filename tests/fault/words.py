r"""The words of documents beside Python's and Unicode's: words.py [FOLDER], as letters.py has it.

The view `word` of linear-train is \w+ of Python's re: letters, numbers and `_`. So held to it, with the
pairs of neighbours that the view `bigram` has beside them, are

    texts       the strings of Unicode's tests, as letters.py joins them: which terms there are, and in
                how many documents each
    characters  all that both versions know, each between two letters: whether it is of the word, as its
                category and its number in UnicodeData.txt say
    boundaries  Unicode's own words (UAX #29), where its rules ask for nothing but what \w+ is: between
                letters, digits, `_` and what is none of these. Marks, formats, kana, and what may stand
                amid a word or a number (apostrophes, full stops) are other to it, and left out.
"""
import collections
import itertools
import re
import sys
import tempfile

import letters
import streams

LIKE = {"ALetter", "Hebrew_Letter", "Numeric", "ExtendNumLet"} # of which none parts from another
UNLIKE = {"Other", "WSegSpace", "CR", "LF", "Newline"}


def terms_of(texts):
    """Of each term, in how many of the texts it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = streams.write(folder, "texts", "".join(f"{i % 2}\t{text}\n" for i, text in enumerate(texts)))
        made = streams.must(["linear-train", "-q", "--views", "bigram", "--no-training-scores", path])
    found = {}
    for block in streams.records(made)[1:-1]:
        if "terms" in block:
            counts = memoryview(block["documents"]).cast("I")
            found.update(zip(block["terms"], counts))
    return found


def bigrams(words):
    return words + [f"{left} {right}" for left, right in zip(words, words[1:])]


def wanted_of(documents):
    """The same of lists of words."""
    return dict(collections.Counter(itertools.chain.from_iterable(set(bigrams(words)) for words in documents)))


def difference(name, texts, documents):
    ours, wanted = terms_of(texts), wanted_of(documents)
    wrong = [(ascii(term), ours.get(term), wanted.get(term)) for term in ours.keys() | wanted.keys()
             if ours.get(term) != wanted.get(term)]
    print(f"{name}: {len(texts)} texts of {len(wanted)} words and pairs, {len(wrong)} otherwise")
    print("\n".join(map(str, sorted(wrong)[:20])), end="\n" if wrong else "")
    return len(wrong) + (not wanted)


def categories():
    """Of each character that has an entry or lies in a range: its category, and whether it has a number."""
    found, first = {}, None
    for line in letters.lines_of("UnicodeData.txt"):
        code, name, *rest = line.split(";")
        entry = rest[0], bool(rest[6])
        if name.endswith("First>"):
            first = int(code, 16)
        elif name.endswith("Last>"):
            found.update((each, entry) for each in range(first, int(code, 16) + 1))
        else:
            found[int(code, 16)] = entry
    return found


def is_word(entry):
    """Whether \\w takes it."""
    category, number = entry
    return category[0] == "L" or category in ("Nd", "Nl", "No") or number


def of_characters(known):
    """Each in a text of its own, with its number, so that no two share a word."""
    texts, documents = [], []
    changed = set(letters.cases())
    for code in letters.known():
        character = chr(code)
        if code not in known or 0xD800 <= code < 0xE000 or character in changed or character in "\n\r\0_":
            continue
        texts.append(f"z{len(texts)}x{character}y")
        word = texts[-1]
        documents.append([word] if is_word(known[code]) else [word[:-2], "y"])
    return texts, documents


def classes():
    """What UAX #29 takes each character for."""
    found = {}
    for line in letters.lines_of("auxiliary/WordBreakProperty.txt"):
        codes, name = (field.strip() for field in line.split(";"))
        first, _, last = codes.partition("..")
        found.update((code, name) for code in range(int(first, 16), int(last or first, 16) + 1))
    return found


def of_boundaries(known):
    """Unicode's tests of where words break: those of characters that both definitions speak of."""
    kind, texts, documents = classes(), [], []
    for line in letters.lines_of("auxiliary/WordBreakTest.txt"):
        parts = [re.findall(r"[0-9A-F]{4,6}", part) for part in line.replace("\u00d7", " ").split("\u00f7")]
        parts = [letters.characters(part) for part in parts if part]
        text = "".join(parts)
        like = [is_word(known.get(ord(each), ("Cn", False))) or each == "_" for each in text]
        same = all(kind.get(ord(each), "Other") in (LIKE if word else UNLIKE) for each, word in zip(text, like))
        if same and "\n" not in text:
            texts.append(text)
            documents.append([part.lower() for part in parts if kind.get(ord(part[0]), "Other") in LIKE])
    return texts, documents


def main():
    known = categories()
    texts = list(letters.texts())
    wrong = difference("texts", texts, [re.findall(r"\w+", text.lower()) for text in texts])
    wrong += difference("characters", *of_characters(known))
    wrong += difference("boundaries", *of_boundaries(known))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
