"""Tables of results, for people (Markdown that reads well as text) and as TSV."""
import dataclasses
import statistics

from measure import Run


@dataclasses.dataclass
class Result:
    """A row that was run: Runs of either side in turn, or `trouble`."""

    row: object
    ours: list = dataclasses.field(default_factory=list)
    theirs: list = dataclasses.field(default_factory=list)
    memory: tuple = (0, 0)
    trouble: str = ""
    unit: str = "s"

    def ratio(self):
        theirs = statistics.median(values(self.theirs)) + self.row.allowance
        return statistics.median(values(self.ours)) / theirs

    def ratios(self):
        """Lowest and highest, pair by pair."""
        pairs = [o / (t + self.row.allowance) for o, t in zip(values(self.ours), values(self.theirs))]
        return min(pairs), max(pairs)

    def met(self):
        if self.trouble or self.row.goal is None:
            return ""
        return "yes" if self.ratio() <= self.row.goal else "no"

    def check(self):
        """What the peer says it made, to see that the work is the same."""
        return self.theirs[-1].says.get("check", "") if self.theirs else ""


def values(runs):
    return [run.seconds for run in runs]


def sized(size):
    """A file's size as a Run, so that sizes are compared like times."""
    return Run(seconds=size, cpu=0)


def number(value, unit):
    if unit == "bytes":
        return f"{value / 1e6:.2f} MB" if value >= 1e5 else f"{value / 1e3:.1f} kB"
    return f"{value:.2f}" if value >= 10 else f"{value:.3f}"


def spread(runs, unit):
    """`0.201 (0.198-0.220)`: median, minimum, maximum."""
    numbers = values(runs)
    middle = number(statistics.median(numbers), unit)
    if len(numbers) == 1:
        return middle
    return f"{middle} ({number(min(numbers), unit)}-{number(max(numbers), unit)})"


def megabytes(size):
    if not size:
        return ""
    return f"{size / 1e6:.0f}" if size >= 1e7 else f"{size / 1e6:.1f}"


def short_line(result):
    """One line for the terminal, when a row is done."""
    name = f"{result.row.name:24}"
    if result.trouble:
        return f"{name} {result.trouble}"
    ours, theirs = (number(statistics.median(values(runs)), result.unit)
                    for runs in (result.ours, result.theirs))
    verdict = {"": "", "yes": "met", "no": "MISSED"}[result.met()]
    goal = f"goal {result.row.goal_text:5} {verdict}" if verdict else ""
    ratio = f"{ratio_text(result.ratio()):16}"
    return f"{name} {ours:>9} | {theirs:>9} {result.row.against:32} {ratio} {goal}".rstrip()


def ratio_text(ratio):
    """`0.199` or, where theirs takes more than five times as long, `0.041 = 1/24.3`."""
    return f"{ratio:.3f}" if ratio > 0.2 else f"{ratio:.4f} = 1/{1 / ratio:.1f}"


def markdown(lines, header, rows):
    """A table whose columns are padded, so that it reads as text too."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def padded(row):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    top = [f"- {name}: {text}" for name, text in lines.items()]
    return "\n".join([*top, "", padded(header), rule, *map(padded, rows), ""])


def table(lines, results):
    header = ("work", "ours, s", "against", "theirs, s", "ratio", "goal", "met", "memory, MB")
    rows = []
    for result in results:
        row = result.row
        if result.trouble:
            rows.append((row.work, "", row.against, result.trouble, "", row.goal_text, "", ""))
            continue
        memory = " / ".join(filter(None, map(megabytes, result.memory)))
        rows.append((row.work, spread(result.ours, result.unit), row.against,
                     spread(result.theirs, result.unit), ratio_text(result.ratio()), row.goal_text,
                     result.met(), memory))
    return markdown(lines, header, rows)


COLUMNS = ("row", "work", "against", "unit", "rounds", "ours_min", "ours_median", "ours_max",
           "theirs_min", "theirs_median", "theirs_max", "ratio", "ratio_min", "ratio_max", "goal", "met",
           "ours_memory", "theirs_memory", "check", "trouble")


def tsv(results):
    lines = [COLUMNS]
    for result in results:
        row = result.row
        numbers = [""] * 9
        if not result.trouble:
            sides = [f(values(runs)) for runs in (result.ours, result.theirs)
                     for f in (min, statistics.median, max)]
            numbers = [f"{value:.6g}" for value in (*sides, result.ratio(), *result.ratios())]
        lines.append((row.name, row.work, row.against, result.unit, len(result.ours), *numbers,
                      f"{row.goal:.4g}" if row.goal else "", result.met(), *result.memory,
                      result.check(), result.trouble))
    return "".join("\t".join(map(str, line)) + "\n" for line in lines)


def runs_tsv(results):
    """Every single run."""
    lines = ["row\tround\tside\tvalue\tcpu_seconds\n"]
    for result in results:
        for turn, pair in enumerate(zip(result.ours, result.theirs), 1):
            for side, run in zip(("ours", "theirs"), pair):
                lines.append(f"{result.row.name}\t{turn}\t{side}\t{run.seconds:.6g}\t{run.cpu:.6g}\n")
    return "".join(lines)
