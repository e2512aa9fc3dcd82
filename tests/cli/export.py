"""What mp-cat --format writes, read by what it is for, and compared with the stream.

export.py make FOLDER            samples.mp, predictions.mp, vectors.mp: names and numbers that are hard
                                 to write; model.mp and rows.mp, a forest of three odd classes; two.mp,
                                 one of two; twice.mp, samples whose labels are whole numbers
export.py tables STREAM CSV TSV JSONL         Python's csv and json
export.py npy STREAM NPY                      numpy
export.py libsvm STREAM LIBSVM                scikit-learn
export.py word2vec STREAM BIN                 gensim
export.py forest MODEL JSONL SAMPLES PREDICTIONS    votes again over the forest that json has
export.py program PREDICTIONS TEXT [TOLERANCE]      label and probabilities a line
export.py rows STREAM ROWS                    the bare floats of samples

What compares exits 1 with the first difference.
"""
import csv
import json
import os
import sys

import msgpack
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import predict  # noqa: E402

ODD = ["a,b", 'say "hi"', "two\nlines", "tab\tand\rreturn", "", " blank ", "größe ☃", "back\\slash",
       "what??/", "\x01\x7f", "'quoted'", "-"]


# ---- making ----


def hard_floats(rng, rows, dim):
    """Any bits that are a finite number, and some that are often got wrong."""
    bits = rng.integers(0, 2**32, (rows, dim), dtype=np.uint32)
    x = bits.view("<f4").copy()
    x[~np.isfinite(x)] = 0.1
    special = np.array([0.0, -0.0, 1e-45, -1e-45, 3.4028235e38, 1.1754944e-38, 0.1, 1 / 3, 16777217.0, 1e10],
                       dtype="<f4")
    x.flat[: len(special)] = special
    return x


def make_samples(path, rng, labels, features, kept):
    x = hard_floats(rng, len(labels), len(features))
    predict.write_samples(path, x, labels, block_rows=7, kept=kept)
    header, blocks = predict.read(path)
    header["features"] = features
    fixed = {key: header[key] for key in header if key not in ("format", "version")}
    predict.write(path, fixed, blocks)


def make_predictions(path, rng):
    classes = sorted(ODD)
    predicted = rng.integers(0, len(classes), 30)
    proba = hard_floats(rng, 30, len(classes))
    block = {"n": 30, "predicted": predicted.astype("<i4").tobytes(),
             "labels": [ODD[i % len(ODD)] for i in range(30)], "proba": proba.tobytes(),
             "kept": [f"{i}\t{ODD[-i % len(ODD)]}" for i in range(30)]}
    predict.write(path, {"kind": "predictions", "labelled": True, "kept": True, "classes": classes,
                         "proba": True, "lineage": predict.lineage()}, [block])


def make_vectors(path, rng, words):
    x = hard_floats(rng, len(words), 3)
    half = len(words) // 2
    blocks = [{"n": len(w), "words": w, "x": v.tobytes()}
              for w, v in ((words[:half], x[:half]), (words[half:], x[half:]))]
    predict.write(path, {"kind": "vectors", "dim": 3, "lineage": []}, blocks)


def make_sided(path, to):
    """The same forest, which says where missing values go: left, then right, and so on."""
    header, blocks = predict.read(path)
    for block in blocks:
        block["missing"] = bytes([0b01] * ((len(block["threshold"]) // 4 + 7) // 8))
    predict.write(to, {key: header[key] for key in header if key not in ("format", "version")}, blocks)


def make(folder):
    rng = np.random.default_rng(11)
    at = lambda name: os.path.join(folder, name)
    make_samples(at("samples.mp"), rng, [ODD[i % len(ODD)] for i in range(30)], sorted(ODD),
                 [ODD[-i % len(ODD)] for i in range(30)])
    predict.write_samples(at("bare.mp"), hard_floats(rng, 20, 4), None)
    predict.write_samples(at("twice.mp"), hard_floats(rng, 20, 4), [str(i % 5 - 2) for i in range(20)])
    make_predictions(at("predictions.mp"), rng)
    make_vectors(at("vectors.mp"), rng, ["the", "größe", "x\ty", "&", "a", "</s>", "☃"])
    make_vectors(at("spaced.mp"), rng, ["the", ". . .", "b"])
    three = sorted(ODD[1:4])
    predict.write_forest(at("model.mp"), 2, three,
                         [[(0, 0.1), [1, 0, 2], (1, -1e-45), [0, 3, 0], [1, 1, 1]], [[7, 2, 1]],
                          [(1, 3.0e38), [0, 0, 9], [9, 1, 0]]])
    predict.write_forest(at("two.mp"), 2, ["no", "yes"], [[(0, 0.5), [3, 0], [1, 2]], [(1, 0.5), [3, 1], [0, 2]]])
    predict.write_forest(at("one.mp"), 2, ["no"], [[[3]]])
    x = np.round(rng.random((200, 2)), 1).astype("<f4")
    predict.write_samples(at("rows.mp"), x, None)
    x[rng.random(x.shape) < 0.3] = np.nan
    predict.write_samples(at("holes.mp"), x, None)
    make_sided(at("model.mp"), at("sided.mp"))


# ---- comparing ----


def same(what, got, wanted):
    if list(got) != list(wanted):
        first = next((pair for pair in zip(got, wanted) if pair[0] != pair[1]), (len(got), len(wanted)))
        sys.exit(f"{what}: {first[0]!r}, expected {first[1]!r}")


def same_bits(what, got, wanted):
    got, wanted = np.asarray(got, dtype="<f4"), np.asarray(wanted, dtype="<f4")
    if got.shape != wanted.shape or got.tobytes() != wanted.tobytes():
        sys.exit(f"{what}: other numbers: {got.shape} {wanted.shape}")


def columns(path):
    """names of columns, rows of text, rows of floats: what a table of the stream must hold."""
    header, blocks = predict.read(path)
    of = lambda key: [value for block in blocks for value in block.get(key, [])]
    samples = header["kind"] == "samples"
    texts = [of("labels")] if header["labelled"] else []
    names = ["label"] if header["labelled"] else []
    key = "x" if samples else "proba"
    width = header["dim"] if samples else len(header["classes"]) * header["proba"]
    if not samples:
        names.append("predicted")
        texts.append([header["classes"][i] for b in blocks for i in np.frombuffer(b["predicted"], "<i4")])
    floats = np.concatenate([np.frombuffer(b.get(key, b""), "<f4").reshape(b["n"], width) for b in blocks])
    names += header.get("features", list(map(str, range(width)))) if samples else header["classes"][:width]
    kept = of("kept") if header.get("kept") else None
    return names + ["kept"] * (kept is not None), texts, floats, kept


def check_rows(what, rows, names, texts, floats, kept):
    same(f"{what}: columns", rows[0], names)
    count = len(texts)
    for i, column in enumerate(texts):
        same(f"{what}: column {i}", [row[i] for row in rows[1:]], column)
    same_bits(what, [[float(v) for v in row[count:count + floats.shape[1]]] for row in rows[1:]], floats)
    if kept is not None:
        same(f"{what}: kept", [row[-1] for row in rows[1:]], kept)


def unescaped(field):
    for escape, byte in (("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r"), ("\\x01", "\x01"), ("\\x7f", "\x7f")):
        field = field.replace(escape, byte)
    return field


def check_tables(stream, comma, tab, lines):
    wanted = columns(stream)
    with open(comma, newline="", encoding="utf-8") as file:
        check_rows("csv", list(csv.reader(file, strict=True)), *wanted)
    with open(tab, newline="", encoding="utf-8") as file:
        text = file.read()
    assert text.endswith("\n") and "\r" not in text
    check_rows("tsv", [[unescaped(f) for f in line.split("\t")] for line in text[:-1].split("\n")], *wanted)
    check_json(lines, *wanted)


def check_json(path, names, texts, floats, kept):
    with open(path, encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line, parse_constant=sys.exit) for line in file]
    samples = rows and "x" in rows[0]
    keys = [name for name in names[: len(texts)]]
    for key, column in zip(keys, texts):
        same(f"json: {key}", [row[key] for row in rows], column)
    if samples:
        same_bits("json", [row["x"] for row in rows], floats)
    elif floats.size:
        same("json: classes", list(rows[0]["proba"]), names[len(texts):len(texts) + floats.shape[1]])
        same_bits("json", [list(row["proba"].values()) for row in rows], floats)
    if kept is not None:
        same("json: kept", [row["kept"] for row in rows], kept)


def check_npy(stream, path):
    header, blocks = predict.read(stream)
    x = np.load(path)
    assert x.dtype == np.dtype("<f4") and x.flags["C_CONTIGUOUS"]
    same_bits("npy", x, np.concatenate([np.frombuffer(b["x"], "<f4") for b in blocks]).reshape(-1, header["dim"]))
    assert os.path.getsize(path) % 4 == 0 and (os.path.getsize(path) - x.nbytes) % 64 == 0


def check_libsvm(stream, path):
    from sklearn.datasets import load_svmlight_file

    x, labels = predict.read_samples(stream)
    got, numbers = load_svmlight_file(path, n_features=x.shape[1], dtype=np.float32)
    np.testing.assert_array_equal(got.toarray(), x)
    if not labels:
        wanted = [0] * len(x)
    elif all(label.lstrip("-").isdigit() for label in labels):
        wanted = list(map(int, labels))
    else:
        order = sorted(set(labels), key=lambda label: label.encode())
        wanted = [order.index(label) for label in labels]
    same("libsvm: labels", numbers.tolist(), wanted)


def check_word2vec(stream, path):
    from gensim.models import KeyedVectors

    header, blocks = predict.read(stream)
    got = KeyedVectors.load_word2vec_format(path, binary=True)
    same("word2vec: words", got.index_to_key, [word for b in blocks for word in b["words"]])
    same_bits("word2vec", got.vectors, np.concatenate([np.frombuffer(b["x"], "<f4") for b in blocks]
                                                      ).reshape(-1, header["dim"]))


def check_forest(model, lines, samples, predictions):
    """Walks the trees that json has, node by node."""
    header, _ = predict.read(model)
    with open(lines, encoding="utf-8") as file:
        about, *trees = map(json.loads, file)
    same("classes", about["classes"], header["classes"])
    assert about["dim"] == header["dim"] and about["trees"] == header["trees"] == len(trees)
    same("numbers", [tree["tree"] for tree in trees], range(len(trees)))
    x, _ = predict.read_samples(samples)
    classes, predicted, _, proba = predict.read_predictions(predictions)
    for row, want, chances in zip(x, predicted, proba):
        votes = np.zeros(len(classes))
        for tree in trees:
            node = tree["nodes"][0]
            while "counts" not in node:
                value = row[node["feature"]]
                side = "left" if value <= np.float32(node["threshold"]) else "right"
                node = tree["nodes"][node[node["missing"] if np.isnan(value) else side]]
            for name, count in node["counts"].items():
                votes[classes.index(name)] += count / sum(node["counts"].values())
        total = len(trees)
        if "opinion" in about:
            opinion = about["opinion"]
            scores = np.nan_to_num(row[np.array(opinion["columns"])].astype(float))
            sums = np.average(scores, axis=0, weights=opinion["weights"])
            said = np.exp(opinion["sharpness"] * (sums - sums.max()))
            voices = len(trees) * opinion["share"] / (1 - opinion["share"])
            votes += voices * said / said.sum()
            total += voices
            np.testing.assert_allclose(votes / total, chances, rtol=0, atol=1e-7)
        else:
            same_bits("votes", votes / total, chances)
        assert np.argmax(votes) == want, (row, votes)


def check_program(predictions, path, tolerance=0.0):
    classes, predicted, _, proba = predict.read_predictions(predictions)
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    rows = []  # the names may hold TABs and line feeds
    for want in predicted:
        assert text.startswith(classes[want]), (text[:50], classes[want])
        line, _, text = text[len(classes[want]):].partition("\n")
        rows.append([float(v) for v in line.split("\t")[1:]])
    assert not text, text[:100]
    if float(tolerance):
        np.testing.assert_allclose(rows, proba, rtol=0, atol=float(tolerance))
    else:
        same_bits("probabilities", rows, proba)


def check_weights(model, path):
    """The views' weights, each once for each class, as ONNX has them."""
    header, _ = predict.read(model)
    weights = [view["weight"] for view in header["opinion"]["views"]]
    assert len(set(weights)) > 1, "all views weigh the same"
    floats = np.repeat(np.array(weights, "<f4"), len(header["classes"])).tobytes()
    with open(path, "rb") as file:
        assert floats in file.read()


def write_rows(stream, path):
    predict.read_samples(stream)[0].tofile(path)


if __name__ == "__main__":
    {"make": make, "tables": check_tables, "npy": check_npy, "libsvm": check_libsvm,
     "word2vec": check_word2vec, "forest": check_forest, "program": check_program, "weights": check_weights,
     "rows": write_rows}[
        sys.argv[1]](*sys.argv[2:])
