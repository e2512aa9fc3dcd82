"""How time and memory grow with the input: each series at 1, 2, 4 and 8 times, beside peers."""
import dataclasses
import math
import os
import statistics

import report
from rows import fasttext, learn, learn_by_reference, program, python_step, r_step

TIMES = (1, 2, 4, 8)
NOISE = 1.1  # how far above its law a measured growth still counts as within it
FLAT = 1.25  # how far memory may rise and still count as flat


@dataclasses.dataclass(frozen=True)
class Line:
    """One program in a series; command(x) runs it at size x, bound(x) is what its memory may be."""

    label: str
    peer: str  # in versions.PEERS; "" for ours
    command: object
    bound: object = None


@dataclasses.dataclass(frozen=True)
class Series:
    name: str
    title: str
    x_label: str
    xs: tuple
    lines: tuple
    law: str = ""  # of time: `linear`, `n log n`
    flat: bool = False  # whether memory should not grow


@dataclasses.dataclass
class Point:
    """The runs of one line at one size."""

    x: int
    runs: list = dataclasses.field(default_factory=list)
    memory: int = 0
    bound: float = 0

    def seconds(self):
        return statistics.median(report.values(self.runs))


class Grown:
    """A series that was run."""

    def __init__(self, series, lines):
        self.series, self.lines = series, lines
        self.points = {line.label: [] for line in lines}

    def add(self, points):
        for label, point in points.items():
            self.points[label].append(point)

    def short_line(self, points):
        x = next(iter(points.values())).x
        cells = (f"{label} {point.seconds():.3f} s {report.megabytes(point.memory)} MB"
                 for label, point in points.items())
        return f"  {x:>9,} " + "; ".join(cells)

    def by_law(self, first, x):
        """Seconds at x if time grew from the first point by the series' law; NaN without a law."""
        law = self.series.law
        return first.seconds() * law_factor(law, first.x, x) if law else math.nan

    def verdicts(self):
        """Sentences on our own lines."""
        for line in self.lines:
            if not line.peer:
                yield from self.verdicts_on(line)

    def verdicts_on(self, line):
        first, last = self.points[line.label][0], self.points[line.label][-1]
        if self.series.law:
            grown, allowed = last.seconds() / first.seconds(), law_factor(self.series.law, first.x, last.x)
            yield (f"{line.label}: {grown:.1f} times the time for {last.x / first.x:.0f} times the input "
                   f"({self.series.law}: {allowed:.1f}): {'within' if grown <= NOISE * allowed else 'ABOVE'}")
        if self.series.flat:
            memory = [point.memory for point in self.points[line.label]]
            rise = max(memory) / max(1, min(memory))
            yield (f"{line.label}: memory from {report.megabytes(first.memory)} to "
                   f"{report.megabytes(last.memory)} MB: {'flat' if rise <= FLAT else 'NOT FLAT'}")
        if line.bound:
            shares = [f"{p.memory / p.bound:.2f}" for p in self.points[line.label]]
            yield (f"{line.label}: memory as a share of 2.5 matrices and the forest: {', '.join(shares)}: "
                   f"{'within' if last.memory <= last.bound else 'ABOVE'} at the largest")


def law_factor(law, first, last):
    linear = last / first
    return linear * math.log(last) / math.log(first) if law == "n log n" else linear


# ---- the series ----


def all_series(place):
    return [train_rows(place), train_features(place), train_trees(place), load_words(place), load_dimensions(place),
            vectorize_documents(place), learn_words(place), evidence_documents(place), evidence_labels(place),
            jobs(place)]


def train_lines(place, samples, trees, rows, workers=lambda x: 2):
    """rf-train, scikit-learn and ranger; all parameters are functions of x."""

    def bound(x):
        """2.5 float32 matrices of 50 features and the forest that was just written."""
        return 2.5 * rows(x) * 50 * 4 + os.path.getsize(place.result("growth.forest"))

    def arrays(x):
        return place.input(samples(x) + ".x.npy")

    def train(x):
        return program("rf-train", "-q", "-n", trees(x), "-j", workers(x), "-o",
                       place.result("growth.forest"), place.input(samples(x) + ".mp"))

    return (
        Line("rf-train", "", train, bound),
        Line("scikit-learn", "scikit-learn",
             lambda x: python_step("sklearn_fit.py", arrays(x), trees(x), workers(x))),
        Line("ranger", "ranger", lambda x: r_step("ranger_fit.R", arrays(x), trees(x), workers(x))),
    )


def train_rows(place):
    xs = tuple(place.scaled(25_000, 500) * times for times in TIMES)
    lines = train_lines(place, lambda x: f"clusters-{x}", lambda x: 20, lambda x: x)
    return Series("train-rows", "rf-train -j2, 20 trees, x 50 features", "rows", xs, lines, "n log n")


def train_features(place):
    rows = place.scaled(20_000, 500)
    lines = train_lines(place, lambda x: f"clusters-{rows}x{x}", lambda x: 20, lambda x: rows * x // 50)
    return Series("train-features", f"rf-train -j2, 20 trees, {rows:,} rows", "features",
                  tuple(125 * times for times in TIMES), lines, "linear")


def train_trees(place):
    rows, base = place.scaled(25_000, 500), place.scaled(25, 2)
    lines = train_lines(place, lambda x: f"clusters-{rows}", lambda x: x, lambda x: rows)
    return Series("train-trees", f"rf-train -j2, {rows:,} x 50", "trees",
                  tuple(base * times for times in TIMES), lines, "linear")


def load_lines(place, shape):
    def packed(x):
        return place.input(f"vectors-{shape(x)}.zip")

    def gz(x):
        return place.input(f"vectors-{shape(x)}.txt.gz")

    return (
        Line("glove-load", "", lambda x: program("glove-load", "-q", packed(x))),
        Line("igzip -dc", "igzip", lambda x: program("igzip", "-dc", gz(x))),
        Line("unzip -p", "unzip", lambda x: program("unzip", "-p", packed(x))),
        Line("pandas", "pandas", lambda x: python_step("pandas_vectors.py", packed(x))),
    )


def load_words(place):
    xs = tuple(place.scaled(50_000, 500) * times for times in TIMES)
    return Series("load-words", "glove-load of a zip, 50 dimensions", "words", xs,
                  load_lines(place, lambda x: f"{x}x50"), "linear", flat=True)


def load_dimensions(place):
    words = place.scaled(50_000, 500)
    return Series("load-dimensions", f"glove-load of a zip, {words:,} words", "dimensions",
                  tuple(50 * times for times in TIMES), load_lines(place, lambda x: f"{words}x{x}"),
                  "linear", flat=True)


def vectorize(place, words, texts, *options):
    """By a stored stream of so few words that reading it is a small part of the time."""
    return program("vectorize", "-q", *options, "--vectors", place.input(f"vectors-{words}x50.mp"), "-o",
                   place.result("growth.x.mp"), place.input(texts))


def vectorize_documents(place):
    """The corpus's train texts over and over."""
    words, base = place.scaled(50_000, 500), place.scaled(10_000, 500)

    def notebook(x):
        return python_step("notebook.py", "vectorize", place.input(f"vectors-{words}x50.zip"),
                           place.input(f"documents-{x}.txt"))

    lines = (Line("vectorize", "", lambda x: vectorize(place, words, f"documents-{x}.txt")),
             Line("the notebook's loop", "numpy", notebook))
    return Series("vectorize-documents", f"vectorize, by a stored stream of {words:,} words", "documents",
                  tuple(base * times for times in TIMES), lines, "linear", flat=True)


def learn_words(place):
    """Random text, whose pairs, the work, grow faster than its length: 21 times for 16 times.

    With --memory the longer ones go to temporary files.
    """
    base, passes = place.scaled(600_000, 20_000), 2

    def text(x):
        return place.input(f"text-{x}.txt")

    lines = (Line("glove-train", "", lambda x: learn(place, text(x), passes, 2)),
             Line("glove-train, 256 MB", "",
                  lambda x: learn(place, text(x), passes, 2, "--memory", "256M")),
             Line("the authors' programs", "GloVe",
                  lambda x: learn_by_reference(place, text(x), passes, 2)))
    return Series("glove-train-words", f"glove-train -j2, {passes} iterations", "words",
                  tuple(base * times for times in (*TIMES, 2 * TIMES[-1])), lines)


def evidence_lines(place, shape):
    """linear-train with its folds; the others without. `shape` is a function of x."""

    def text(x):
        return place.input(f"labelled-{shape(x)}.txt")

    def train(x):
        return program("linear-train", "-q", "-j", 2, "--views", "bayes,word,bigram", "-o",
                       place.result("growth.linear.mp"), text(x))

    return (Line("linear-train", "", train),
            Line("TfidfVectorizer, LinearSVC", "scikit-learn", lambda x: python_step("sklearn_linear.py", text(x))),
            Line("fastText", "fastText", lambda x: fasttext(place, f"labelled-{shape(x)}.fasttext")))


def evidence_documents(place):
    xs = tuple(place.scaled(12_500, 500) * times for times in TIMES)
    return Series("linear-train-documents", "linear-train -j2, bayes, word and bigram, 8 labels", "documents",
                  xs, evidence_lines(place, lambda x: f"{x}x8"), "linear")


def evidence_labels(place):
    documents = place.scaled(12_500, 500)
    return Series("linear-train-labels", f"linear-train -j2, bayes, word and bigram, {documents:,} documents",
                  "labels", tuple(8 * times for times in TIMES),
                  evidence_lines(place, lambda x: f"{documents}x{x}"), "linear")


def jobs(place):
    """Each program by -j; scikit-learn and ranger beside rf-train."""
    trees, words = place.scaled(200, 4), place.scaled(50_000, 500)
    fresh, shape = place.scaled(1_000_000, 5000), f"{place.scaled(400_000, 2000)}x50"
    texts = f"documents-{place.scaled(80_000, 4000)}.txt"
    packed, samples = place.input(f"vectors-{shape}.zip"), place.input(f"fresh-{fresh}.mp")
    forest = place.input(f"clusters-{place.scaled(200_000, 1000)}-20.forest")
    train = train_lines(place, lambda x: "r8-train", lambda x: trees, lambda x: 0, workers=lambda x: x)
    lines = (
        dataclasses.replace(train[0], bound=None), *train[1:],
        Line("glove-load", "", lambda x: program("glove-load", "-q", "-j", x, packed)),
        Line("vectorize", "", lambda x: vectorize(place, words, texts, "-j", x)),
        Line("rf-predict", "", lambda x: program("rf-predict", "-q", "-j", x, "-o",
                                                 place.result("growth.tsv"), forest, samples)),
    )
    title = (f"-j: rf-train, scikit-learn, ranger: {trees} trees on {place.corpus()}; glove-load {shape}; "
             f"vectorize; rf-predict {fresh:,} rows")
    return Series("jobs", title, "jobs", (1, 2, 4), lines)


# ---- tables ----


def table(lines, results):
    header = ("series", "size", "program", "seconds", "memory, MB")
    rows, notes = [], []
    for result in results:
        for line in result.lines:
            for point in result.points[line.label]:
                rows.append((result.series.name, f"{point.x:,} {result.series.x_label}", line.label,
                             report.spread(point.runs, "s"), report.megabytes(point.memory)))
        notes += [f"- {result.series.name}: {verdict}\n" for verdict in result.verdicts()]
    return report.markdown(lines, header, rows) + "\n" + "".join(notes)


def tsv(results):
    out = ["series\tprogram\tx\tseconds_min\tseconds_median\tseconds_max\tmemory\tbound\n"]
    for result in results:
        for line in result.lines:
            for point in result.points[line.label]:
                numbers = report.values(point.runs)
                out.append(f"{result.series.name}\t{line.label}\t{point.x}\t{min(numbers):.6g}\t"
                           f"{point.seconds():.6g}\t{max(numbers):.6g}\t{point.memory}\t{point.bound:.0f}\n")
    return "".join(out)
