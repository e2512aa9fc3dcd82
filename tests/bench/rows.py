"""What is measured: each program beside its peers, and the goal for the ratio of the two.

A row is a pair, ours and theirs, run in turn. Ours is always the whole process, from start to
end. So are a peer that is a program (unzip, igzip, cat) and the whole notebook; of a peer that is
a library, only the step itself counts, without starting Python or R or reading its input.
"""
import dataclasses
import os

from measure import Command

PYTHON = os.environ.get("PYTHON", "/usr/bin/python3")
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")


@dataclasses.dataclass(frozen=True)
class Row:
    """`ours` and `theirs` are Commands, or names of files whose sizes are compared."""

    name: str
    work: str
    ours: object
    peer: str  # its name in versions.PEERS; "" for ourselves
    against: str
    theirs: object
    goal: float = None  # the ratio ours / theirs, at most; None: measured, no goal
    goal_text: str = ""
    allowance: float = 0.0  # seconds that theirs is given on top


@dataclasses.dataclass(frozen=True)
class Place:
    """Where things are, and how much of the full size is measured."""

    root: str
    bin: str
    out: str
    train: str
    test: str
    data: str  # the folder of R8; "" where the demo corpus stands in for it
    make: str
    scale: float = 1.0

    def input(self, name):
        """A file that pipelines/bench.mk makes when a row needs it."""
        return os.path.join(self.out, "inputs", name)

    def corpus(self):
        return "R8" if self.data else "the demo corpus"

    def result(self, name):
        return os.path.join(self.out, "results", name)

    def scaled(self, count, least=1):
        return max(least, round(count * self.scale))


def share(denominator):
    """A goal of 1/denominator."""
    return {"goal": 1 / denominator, "goal_text": f"1/{denominator}"}


def at_most(ratio):
    return {"goal": ratio, "goal_text": f"{ratio:.2f}"}


def program(*words, **settings):
    """A Command of one program; `settings` are Command's other fields."""
    return Command((tuple(map(str, words)),), **settings)


def python(script, *args):
    return (PYTHON, "-B", os.path.join(PEERS, script), *args)


def python_step(script, *args):
    return program(*python(script, *args), step=True)


def r_step(script, *args):
    return program("Rscript", "--vanilla", os.path.join(PEERS, script), *args, step=True)


def all_rows(place):
    return [*load_rows(place), *vectorize_rows(place), *form_rows(place), *r8_forest_rows(place),
            *large_forest_rows(place), *other_forest_rows(place), *predict_rows(place), *size_rows(place),
            learn_row(place), *whole_rows(place), *evidence_rows(place), *live_rows(place),
            *why_rows(place)]


# ---- vectors ----


def full_shape(place):
    return f"{place.scaled(400_000, 2000)}x50"


def load_rows(place):
    shape = full_shape(place)
    packed, gz, text = (place.input(f"vectors-{shape}{end}") for end in (".zip", ".txt.gz", ".txt"))
    isal, zlib = (program("glove-load", "-q", packed, env=(("GLOVEPIPE_INFLATE", name),))
                  for name in ("isal", "zlib"))
    plain = program("glove-load", "-q", text)
    unzip, igzip = program("unzip", "-p", packed), program("igzip", "-dc", gz)
    fread = r_step("fread.R", text)
    by_isal, by_zlib, from_text = "load the zip, ISA-L", "load the zip, zlib", "load plain text"
    yield Row("load-isal/unzip", by_isal, isal, "unzip", "unzip -p", unzip, **at_most(0.21))
    yield Row("load-isal/igzip", by_isal, isal, "igzip", "igzip -dc, the limit", igzip, **at_most(0.95))
    yield Row("load-zlib/unzip", by_zlib, zlib, "unzip", "unzip -p", unzip, **at_most(0.48))
    yield Row("load-isal/notebook", by_isal, isal, "numpy", "the notebook's loop",
              python_step("notebook.py", "load", packed), **share(15))
    yield Row("load-isal/pandas", by_isal, isal, "pandas", "pandas read_csv",
              python_step("pandas_vectors.py", packed), **share(8))
    yield Row("load-isal/gensim", by_isal, isal, "gensim", "gensim load_word2vec_format",
              python_step("gensim_vectors.py", gz), **share(30))
    yield Row("load-text/fread", from_text, plain, "data.table", "data.table fread, 2 threads",
              fread, **share(7))
    yield Row("load-isal-cold/unzip", by_isal + ", not cached", cold(isal, packed), "unzip", "unzip -p",
              cold(unzip, packed))
    yield Row("load-isal-cold/igzip", by_isal + ", not cached", cold(isal, packed), "igzip", "igzip -dc",
              cold(igzip, gz))
    yield Row("load-text-cold/fread", from_text + ", not cached", cold(plain, text), "data.table",
              "data.table fread, 2 threads", cold(fread, text))


def cold(command, *files):
    return dataclasses.replace(command, cold=files)


def vectorize_rows(place):
    shape = full_shape(place)
    packed, stored = place.input(f"vectors-{shape}.zip"), place.input(f"vectors-{shape}.mp")
    igzip = program("igzip", "-dc", place.input(f"vectors-{shape}.txt.gz"))
    words = ("vectorize", "-q", "--words", place.train, place.test)
    vectorize = ("vectorize", "-q", "-o", place.result("x.mp"))
    yield Row("vocab/igzip", "vectorize --words | glove-load --vocab",
              Command((words, ("glove-load", "-q", "--vocab", "-", packed))),
              "igzip", "igzip -dc", igzip, **at_most(1.15))
    yield Row("vectorize-pipe/igzip", f"glove-load | vectorize {place.corpus()}, train",
              Command((("glove-load", "-q", packed), (*vectorize, place.train))),
              "igzip", "igzip -dc", igzip, **at_most(1.5))
    yield Row("vectorize-stored/cat", "vectorize by a stored stream",
              program(*vectorize, "--vectors", stored, place.train),
              "cat", "cat of the stream, plus 60 ms", program("cat", stored),
              allowance=0.060, **at_most(2.0))


def form_rows(place):
    """Texts as they are kept: as a table and as lines of JSON, beside Python's readers, and as lines."""
    stored = place.input("r8-vectors.mp")
    vectorize = ("vectorize", "-q", "-o", place.result("x.mp"), "--vectors", stored)
    lines = program(*vectorize, place.train)
    for form, title, options in (("csv", "CSV", ("--label-column", "topic", "--text-column", "body")),
                                 ("jsonl", "lines of JSON", ("--label-key", "topic", "--text-key", "body"))):
        texts = place.input(f"train.{form}")
        ours, work = program(*vectorize, *options, texts), f"vectorize {place.corpus()}, train, from {title}"
        yield Row(f"{form}/python", work, ours, "numpy", f"Python's {form.rstrip('l')}, and the notebook's means",
                  python_step("documents.py", texts, stored), **share(8))
        yield Row(f"{form}/lines", work, ours, "", "itself, from lines with TABs", lines, **at_most(1.3))


# ---- forests ----


def train(place, samples, trees, jobs, level=None, options=()):
    """Writes the forest, but doesn't wait for the disk: what it is beside writes nothing."""
    return program("rf-train", "-q", "-n", trees, "-j", jobs, *options, "--no-sync", "-o",
                   place.result("forest.mp"), place.input(samples + ".mp"), env=(("GLOVEPIPE_CPU", level),) if level else ())


def r8_forest_rows(place):
    trees, x = place.scaled(200, 4), place.input("r8-train.x.npy")
    work = f"rf-train on {place.corpus()}, {{}} trees, -j{{}}".format
    one, two = (train(place, "r8-train", trees, jobs) for jobs in (1, 2))
    portable, avx2 = (train(place, "r8-train", trees, 1, level) for level in ("portable", "avx2"))
    sklearn = {jobs: python_step("sklearn_fit.py", x, trees, jobs) for jobs in (1, 2)}
    ranger = {jobs: r_step("ranger_fit.R", x, trees, jobs) for jobs in (1, 2)}
    yield Row("forest-j1/sklearn", work(trees, 1), one, "scikit-learn", "scikit-learn fit, 1 job",
              sklearn[1], **share(25))
    yield Row("forest-j1/ranger", work(trees, 1), one, "ranger", "ranger, 1 thread", ranger[1], **share(16))
    yield Row("forest-j2/sklearn", work(trees, 2), two, "scikit-learn", "scikit-learn fit, 2 jobs",
              sklearn[2], **share(22))
    yield Row("forest-j2/ranger", work(trees, 2), two, "ranger", "ranger, 2 threads", ranger[2], **share(15))
    yield Row("forest-j1/opencv", work(trees, 1), one, "opencv", "OpenCV RTrees",
              python_step("opencv_fit.py", x, trees), **share(25))
    yield Row("forest-j1/xgboost", work(trees, 1), one, "xgboost", "XGBoost's forest, 1 thread",
              python_step("xgboost_fit.py", x, trees, 1), **share(35))
    yield Row("forest-j1/randomForest", work(trees, 1), one, "randomForest", "R's randomForest",
              r_step("randomforest_fit.R", x, trees), **share(16))
    yield Row("forest-portable/sklearn", work(trees, 1) + ", no AVX", portable, "scikit-learn",
              "scikit-learn fit, 1 job", sklearn[1], **share(15))
    yield Row("forest-avx2/sklearn", work(trees, 1) + ", no AVX-512", avx2, "scikit-learn",
              "scikit-learn fit, 1 job", sklearn[1])
    yield Row("forest-j2/forest-j1", work(trees, 2), two, "", "itself, -j1", one, **at_most(0.55))


def large_forest_rows(place):
    samples, trees = f"clusters-{place.scaled(200_000, 1000)}", 20
    ours, x = train(place, samples, trees, 2), place.input(samples + ".x.npy")
    work = f"rf-train on {place.scaled(200_000, 1000):,} x 50, {trees} trees, -j2"
    yield Row("forest-large/sklearn", work, ours, "scikit-learn", "scikit-learn fit, 2 jobs",
              python_step("sklearn_fit.py", x, trees, 2), **share(20))
    yield Row("forest-large/ranger", work, ours, "ranger", "ranger, 2 threads",
              r_step("ranger_fit.R", x, trees, 2), **share(35))
    for recipe, options, ratio in (("extra", ("--splitter", "random"), 1 / 1.5),
                                   ("oob", ("--oob", place.result("oob.mp")), 1.10),
                                   ("balanced", ("--class-weight", "balanced"), 1.75)):
        other, env = train(place, samples, trees, 2, options=options), (("RECIPE", recipe),)
        shown = f"{work}, {' '.join(options[:1] if recipe == 'oob' else options)}"
        yield Row(f"forest-{recipe}/forest", shown, other, "", "itself, by default",
                  ours, **at_most(ratio))
        yield Row(f"forest-{recipe}/sklearn", shown, other, "scikit-learn",
                  "scikit-learn fit, 2 jobs",
                  program(*python("sklearn_fit.py", x, trees, 2), step=True, env=env))
        yield Row(f"forest-{recipe}/ranger", shown, other, "ranger",
                  "ranger, 2 threads",
                  program("Rscript", "--vanilla", os.path.join(PEERS, "ranger_fit.R"), x, trees, 2,
                          step=True, env=env))
    # scikit-learn takes missing values from 1.4 on, which Debian 12 does not have.
    yield Row("forest-missing/forest", f"{work}, 20% of values missing",
              train(place, samples + "-gaps", trees, 2), "", "itself, none missing", ours, **at_most(1.9))


def other_forest_rows(place):
    """A thousand features, many classes, a million samples."""
    trees = 20
    for rows, shape, label, denominator in ((20_000, "x1000", "1,000", 15), (20_000, "x116x58", "116, 58 classes", 20),
                                            (1_000_000, "", "50", 20)):
        count = place.scaled(rows, 1000)
        samples = f"clusters-{count}{shape}"
        ours, x = train(place, samples, trees, 2), place.input(samples + ".x.npy")
        avx2 = train(place, samples, trees, 2, "avx2")
        theirs = python_step("sklearn_fit.py", x, trees, 2)
        work, name = f"rf-train on {count:,} x {label}, {trees} trees, -j2", f"forest-{rows // 1000}k{shape}"
        yield Row(f"{name}/sklearn", work, ours, "scikit-learn", "scikit-learn fit, 2 jobs",
                  theirs, **share(denominator))
        yield Row(f"{name}-avx2/sklearn", f"{work}, no AVX-512", avx2, "scikit-learn",
                  "scikit-learn fit, 2 jobs", theirs, **share(denominator))


def predict(place, model, samples, jobs):
    """Likewise."""
    return program("rf-predict", "-q", "-j", jobs, "--no-sync", "-o", place.result("predictions.tsv"),
                   place.input(model), place.input(samples))


def predict_rows(place):
    trees = place.scaled(200, 4)
    large, fresh = place.scaled(200_000, 1000), f"fresh-{place.scaled(1_000_000, 5000)}"
    yield Row("predict-r8/sklearn", f"rf-predict on {place.corpus()}, test",
              predict(place, f"r8-train-{trees}.forest", "r8-test.mp", 2),
              "scikit-learn", "scikit-learn predict",
              python_step("sklearn_predict.py", place.input(f"r8-train-{trees}.joblib"),
                          place.input("r8-test.x.npy"), 1), **share(2))
    yield Row("predict-large/sklearn", f"rf-predict {place.scaled(1_000_000, 5000):,} x 50, -j2",
              predict(place, f"clusters-{large}-20.forest", fresh + ".mp", 2),
              "scikit-learn", "scikit-learn predict, 2 jobs",
              python_step("sklearn_predict.py", place.input(f"clusters-{large}-20.joblib"),
                          place.input(fresh + ".x.npy"), 2), **share(10))


def size_rows(place):
    name = place.input(f"r8-train-{place.scaled(200, 4)}")
    work = f"the forest's file, {place.corpus()}"
    yield Row("size/joblib", work, name + ".forest", "scikit-learn", "joblib dump", name + ".joblib",
              **share(12))
    yield Row("size/joblib-compressed", work, name + ".forest", "scikit-learn",
              "joblib dump, compress=3", name + ".compressed.joblib")
    yield Row("size/ranger", work, name + ".forest", "ranger", "ranger, save(compress = FALSE)",
              name + ".plain.RData", **share(4))
    yield Row("size/ranger-gzip", work, name + ".forest", "ranger", "ranger, save(), which gzips",
              name + ".RData", **share(4))


# ---- vectors of one's own ----


def learn(place, corpus, passes, jobs, *options):
    return program("glove-train", "-q", "--no-label", "-j", jobs, "--iter", passes,
                   "-o", place.result("learned.txt"), *options, corpus)


def learn_by_reference(place, corpus, passes, jobs):
    return program(os.path.join(PEERS, "glove_reference.sh"), corpus, place.result("reference"),
                   passes, jobs)


def learn_row(place):
    passes, corpus = place.scaled(50, 1), place.input("train.plain.txt")
    return Row("glove-train/reference", f"glove-train on {place.corpus()}, {passes} iterations, -j2",
               learn(place, corpus, passes, 2), "GloVe", "the authors' four programs, 2 threads",
               learn_by_reference(place, corpus, passes, 2), **at_most(0.35))


# ---- the whole job ----


def whole_rows(place):
    """What the notebook does, vectors alone; then with the page, which has more than that."""
    packed, results = place.input(f"vectors-{full_shape(place)}.zip"), place.result("whole")
    trees = place.scaled(200, 4)
    texts = ((f"DATA={place.data}", "EVIDENCE=no") if place.data else
             (f"TRAIN={place.train}", f"TEST={place.test}", "FEATURES=vectors"))
    name = "r8.mk" if place.data else "classify.mk"

    def pipeline(page):
        return program(place.make, "-j2", "-f", os.path.join(place.root, "pipelines", name), *texts,
                       f"PAGE={page}", f"VECTORS={packed}", f"OUT={results}", f"TREES={trees}",
                       f"BIN={place.bin}", fresh=(results,))
    theirs = ("scikit-learn", "the notebook as a script, 2 jobs",
              program(*python("notebook.py", "all", packed, place.train, place.test, trees)))
    yield Row("whole/notebook", f"zip to report, pipelines/{name} -j2 PAGE=no", pipeline("no"), *theirs,
              **share(20))
    yield Row("whole-page/notebook", "the same, and a page of it", pipeline("yes"), *theirs)


# ---- evidence ----


def evidence(place, train, test, *options):
    """Whole processes: linear-train, vectorize, rf-train, rf-predict."""
    out, trees = place.result("evidence"), place.scaled(200, 4)
    return program(os.path.join(place.root, "tests", "bench", "evidence.sh"), out, train, test, trees, 2,
                   *options)


def fasttext(place, *texts):
    return program(os.path.join(PEERS, "fasttext.sh"), place.result("fasttext"), *map(place.input, texts))


def evidence_rows(place):
    """By the default views beside fastText; by one beside the one model of the same view."""
    debian = [place.input(f"debian/{name}.txt") for name in ("train", "test")]
    corpora = (("r8", place.corpus(), (place.train, place.test), ("train", "test"), 8),
               ("debian", "Debian's sections", debian, ("debian/train", "debian/test"), 3))
    for name, title, texts, known, denominator in corpora:
        work = f"text to predictions, {title}, {{}}, -j2".format
        yield Row(f"evidence-{name}/fasttext", work("default views"), evidence(place, *texts),
                  "fastText", "fastText, 25 epochs, 2 threads",
                  fasttext(place, *(f"{part}.fasttext" for part in known)), **share(denominator))
        yield Row(f"evidence-{name}/sklearn", work("one view"), evidence(place, *texts, "--views", "space"),
                  "scikit-learn", "TfidfVectorizer and LinearSVC, fit and predict",
                  python_step("sklearn_linear.py", *texts), **at_most(1.0))


# ---- why ----


def why_rows(place):
    """Ours beside ours: what it takes to see why, beside what it takes to see how much."""
    linear, forest, oob = (place.input(f"r8-{name}")
                           for name in ("linear.mp", "evidence.forest", "evidence.oob.mp"))

    def explain(jobs):
        return program("rf-explain", "-q", "-j", jobs, "--linear", linear, "--format", "tsv",
                       "-o", place.result("why.tsv"), forest, place.test)

    suspect = program("rf-suspect", "-q", "-o", place.result("suspects"), oob, place.train)
    page = program("rf-eval", "-q", "-o", place.result("report"), "--html", place.result("page.html"),
                   "--texts", place.train, "--model", forest, oob)
    figures = program("rf-eval", "-q", "-o", place.result("report"), "--all", oob)
    yield Row("explain-j2/explain-j1", f"rf-explain {place.corpus()}, test, every word left out, -j2",
              explain(2), "", "itself, -j1", explain(1), **at_most(0.7))
    yield Row("suspect/corpus", f"rf-suspect {place.corpus()}, train", suspect, "", "corpus",
              program("corpus", "-q", "-o", place.result("corpus"), place.train))
    yield Row("page/figures", f"rf-eval --html {place.corpus()}, train", page, "", "rf-eval --all", figures)


# ---- as it comes ----


def live_rows(place):
    """A line's wait beside a wait of 5 ms; texts from a pipe beside texts in a file; and the start, to no file,
    which would have to be saved."""
    script = os.path.join(place.root, "tests", "bench", "live.py")
    models = place.result("live")
    for jobs in (1, 2):
        yield Row(f"live-j{jobs}/sleep", f"a line to its answer, vectors and evidence, -j{jobs}",
                  program(PYTHON, "-B", script, models, place.train, place.test, jobs, step=True),
                  "sleep", "sleep 0.005", program("sleep", "0.005"), **at_most(1.0))
    stored, linear = place.input(f"vectors-{full_shape(place)}.mp"), place.input("r8-linear.mp")
    vectorize = ("vectorize", "-q", "-o", place.result("x.mp"), "--vectors", stored)
    yield Row("live-pipe/file", f"vectorize {place.corpus()} from a pipe",
              Command((("cat", place.train), (*vectorize, "-"))), "", "itself, from the file",
              program(*vectorize, place.train), **at_most(1.2))
    yield Row("live-start/cat", "vectors that are ready: a stored stream, no document",
              program("vectorize", "-q", "-o", os.devnull, "--vectors", stored, os.devnull),
              "cat", "cat of the stream into a pipe", Command((("cat", stored), ("cat",))), **at_most(1.3))
    yield Row("live-start-evidence/cat", "evidence that is ready: a stored stream, no document",
              program("vectorize", "-q", "-o", os.devnull, "--linear", linear, os.devnull),
              "cat", "cat of the stream into a pipe", Command((("cat", linear), ("cat",))), **at_most(1.3))
