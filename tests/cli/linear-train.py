"""Evidence recomputed with scikit-learn.

    linear-train.py terms LINEAR TRAIN          vocabularies and documents of each view
    linear-train.py scores LINEAR TRAIN SAMPLES [TEST SAMPLES]
                                                every column of what vectorize made of the texts
    linear-train.py accuracy SAMPLES            of the first view's best score
    linear-train.py peers TRAIN VIEW            accuracy on texts held out in turn, and on those that
                                                a model has seen, by scikit-learn alone
    linear-train.py kept WHOLE PART SIZE        the terms of PART are those of WHOLE worth most
    linear-train.py trial TRAIN                 of how many held-out texts of a sample, two lines: pairs of
                                                words name the label, and these and characters
"""
import os
import sys
import zlib

import msgpack
import numpy as np

VIEWS = {
    "space": dict(token_pattern=r"\S+"),
    "word": dict(token_pattern=r"\w+"),
    "bigram": dict(token_pattern=r"\w+", ngram_range=(1, 2)),
    "trigram": dict(token_pattern=r"\w+", ngram_range=(1, 3)),
    "char": dict(analyzer="char_wb", ngram_range=(3, 5), min_df=2),
    "char1": dict(analyzer="char_wb", ngram_range=(1, 5), min_df=2),
}


def texts_of(path):
    rows = [line.rstrip("\n").split("\t", 1) for line in open(path, encoding="utf-8", newline="\n")]
    return [label for label, _ in rows], [" ".join(text.lower().split()) for _, text in rows]


def read(path):
    records = msgpack.Unpacker(raw=False, max_buffer_size=2**31 - 1)
    records.feed(open(path, "rb").read())
    header, *blocks, _ = records
    return header, blocks


def parts_of(path):
    """The header, and by part what its blocks hold, joined."""
    header, blocks = read(path)
    parts = {}
    for part in header["parts"]:
        rows, joined = 0, {"intercepts": part.get("intercepts", b"")}
        while rows < part["terms"]:
            block = blocks.pop(0)
            rows += block.pop("n")
            for key, column in block.items():
                joined[key] = joined[key] + column if key in joined else column
        assert rows == part["terms"]
        parts[part["name"]] = joined
    return header, parts


def vectorizer(view, texts):
    from sklearn.feature_extraction.text import TfidfVectorizer
    weigh = TfidfVectorizer(sublinear_tf=True, **VIEWS[view])
    return weigh, weigh.fit_transform(texts)


def terms(linear, train):
    _, texts = texts_of(train)
    header, parts = parts_of(linear)
    for view, part in parts.items():
        if view == "bayes":
            assert set(part["terms"]) == {token for text in texts for token in text.split()}
            continue
        weigh, x = vectorizer(view, texts)
        assert set(part["terms"]) == set(weigh.vocabulary_), view
        held = np.asarray((x > 0).sum(axis=0)).ravel()
        columns = [weigh.vocabulary_[term] for term in part["terms"]]
        assert (np.frombuffer(part["documents"], "<u4") == held[columns]).all(), view


def margins(scores):
    first, second = np.sort(scores, axis=1)[:, [-1, -2]].T[:, :, None]
    return np.where(scores == first, scores - second, scores - first)


def decide(model, x, classes):
    """Decision values, two columns where there are two labels."""
    values = model.decision_function(x)
    return np.stack([-values, values], axis=1) if len(classes) == 2 else values


def known_to(x, part):
    """Rows without the terms that no document of the part has, at length 1 again."""
    known = x.multiply(np.asarray((part != 0).sum(axis=0) > 0)).tocsr()
    length = np.sqrt(np.asarray(known.multiply(known).sum(axis=1)))
    return known.multiply(1 / np.where(length > 0, length, 1)).tocsr()


def linear_scores(view, y, texts, others, classes, folds):
    from sklearn.svm import LinearSVC
    weigh, x = vectorizer(view, texts)
    fold = np.array([zlib.crc32(text.encode()) % folds for text in texts])
    held_out = np.full((len(y), len(classes)), -1.0)
    for i in set(fold):
        part = LinearSVC(tol=1e-6, max_iter=100000).fit(x[fold != i], y[fold != i])
        columns = np.searchsorted(classes, part.classes_)
        held_out[np.ix_(fold == i, columns)] = decide(part, known_to(x[fold == i], x[fold != i]), part.classes_)
    whole = LinearSVC(tol=1e-6, max_iter=100000).fit(x, y)
    return held_out, decide(whole, weigh.transform(others), classes) if others else None


def trial(train):
    """As linear_trial.h has it: 3,000 texts drawn by their CRC-32, four folds."""
    labels, texts = texts_of(train)
    spread = [zlib.crc32(text.encode()) * 0x9E3779B9 % 2**32 for text in texts]
    drawn = [i for i, number in enumerate(spread) if number * len(texts) >> 32 < 3000]
    y, texts = np.array(labels)[drawn], [texts[i] for i in drawn]
    classes = np.unique(y)
    pairs, characters = (linear_scores(view, y, texts, None, classes, 4)[0] for view in ("bigram", "char1"))
    for scores in (pairs, pairs + characters):
        print((classes[scores.argmax(axis=1)] == y).sum())


def bayes_scores(y, texts, others, classes, own):
    """All copies of a text are taken away, and tokens that no other text has."""
    ids, copies = {}, {}
    counts = np.zeros((0, len(classes)))
    for label, text in zip(y, texts):
        copies.setdefault(text, []).append(np.searchsorted(classes, label))
        for token in text.split():
            ids.setdefault(token, len(ids))
    counts = np.zeros((len(ids), len(classes)))
    for label, text in zip(y, texts):
        for token in text.split():
            counts[ids[token], np.searchsorted(classes, label)] += 1
    out = np.zeros((len(others), len(classes)))
    for i, text in enumerate(others):
        known = [ids[token] for token in text.split() if token in ids]
        if not known:
            continue
        rows, times = np.unique(known, return_counts=True)
        c, totals = counts[rows].copy(), counts.sum(axis=0)
        for k in copies.get(text, []) if own else []:
            c[:, k] -= times
            totals[k] -= times.sum()
        c, times = c[c.sum(axis=1) > 0], times[c.sum(axis=1) > 0]
        if not len(times):
            continue
        p = (c + 1) / (totals + len(ids))
        out[i] = (np.log(p / p.sum(axis=1, keepdims=True)) * times[:, None]).sum(axis=0) / times.sum()
    return out


def samples_of(path):
    header, blocks = read(path)
    x = np.concatenate([np.frombuffer(block["x"], "<f4").reshape(block["n"], -1) for block in blocks])
    return header, x, [label for block in blocks for label in block["labels"]]


def scores(linear, train, train_samples, test=None, test_samples=None):
    y, texts = texts_of(train)
    y, classes, others = np.array(y), np.unique(y), texts_of(test)[1] if test else []
    header, _ = parts_of(linear)
    named, x, labels = samples_of(train_samples)
    assert labels == list(y)
    xt = samples_of(test_samples)[1] if test else None
    for i, part in enumerate(header["parts"]):
        name, columns = part["name"], slice(2 * i * len(classes), 2 * (i + 1) * len(classes))
        assert named["features"][columns] == [
            f"{name}:{label}{end}" for end in ("", "-margin") for label in classes]
        if name == "bayes":
            mine, theirs = bayes_scores(y, texts, texts, classes, True), None
            theirs = bayes_scores(y, texts, others, classes, False) if test else None
            close = 1e-5
        else:
            mine, theirs = linear_scores(name, y, texts, others, classes, header_folds(header))
            close = 0.05  # a model stops where no step would go farther than 0.1
        for got, wanted in ((x, mine), (xt, theirs)):
            if wanted is None:
                continue
            got = got[:, columns]
            far = np.abs(got[:, : len(classes)] - wanted).max()
            assert far < close, (name, far)
            assert np.array_equal(got[:, len(classes) :], margins(got[:, : len(classes)]))


def header_folds(header):
    return header["lineage"][-1]["options"]["folds"]


def accuracy(samples):
    header, x, labels = samples_of(samples)
    classes = sorted(set(name.split(":")[1] for name in header["features"] if "-margin" not in name))
    best = x[:, : len(classes)].argmax(axis=1)
    print(f"{np.mean([classes[k] == label for k, label in zip(best, labels)]):.4f}")


def peers(train, view):
    from sklearn.model_selection import cross_val_predict
    from sklearn.svm import LinearSVC
    y, texts = texts_of(train)
    _, x = vectorizer(view, texts)
    held_out = np.mean(cross_val_predict(LinearSVC(), x, y, cv=10) == np.array(y))
    print(f"{held_out:.4f} {LinearSVC().fit(x, y).score(x, y):.4f}")


def worths(header, part):
    """By term: what it is worth, its documents and weights."""
    held = np.frombuffer(part["documents"], "<u4").astype("f8")
    weights = np.frombuffer(part["weights"], "<f4").reshape(len(held), -1).astype("f8")
    rarity = 1 + np.log((1 + header["samples"]) / (1 + held))
    worth = np.abs(weights).max(axis=1) * rarity * np.sqrt(held)
    return {term: (w, d, v.tobytes()) for term, w, d, v in zip(part["terms"], worth, held, weights)}


def kept(whole, part, size):
    (header, all_parts), (_, parts) = parts_of(whole), parts_of(part)
    left_out, least, term_bytes = [], np.inf, 0
    assert list(parts) == list(all_parts)
    for view, found in parts.items():
        if view == "bayes":
            assert found == all_parts[view]
            continue
        all_terms, terms_left = worths(header, all_parts[view]), worths(header, found)
        assert found["terms"] == [term for term in all_parts[view]["terms"] if term in terms_left]
        assert all(all_terms[term] == told for term, told in terms_left.items())
        assert found["intercepts"] == all_parts[view]["intercepts"]
        least = min([least, *(told[0] for told in terms_left.values())])
        left_out += [(told[0], len(term.encode())) for term, told in all_terms.items() if term not in terms_left]
        term_bytes = len(found["weights"]) // max(1, len(found["terms"]))
    worth, text = max(left_out)
    assert worth <= least * (1 + 1e-9), (worth, least)
    used = os.path.getsize(part)
    assert used <= int(size) < used * 1.05 + text + term_bytes, (used, size)


{"terms": terms, "scores": scores, "accuracy": accuracy, "peers": peers, "kept": kept, "trial": trial}[sys.argv[1]](*sys.argv[2:])
