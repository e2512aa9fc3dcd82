"""Charts through gnuplot, as SVG and PNG. Without gnuplot: none, and a line that says so."""
import os
import shutil
import subprocess
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))


def draw(script, path, data, **settings):
    """Runs rows.gnuplot or growth.gnuplot on the lines of `data`; returns the files it drew."""
    if not shutil.which("gnuplot"):
        print(f"no chart {os.path.basename(path)}: missing: gnuplot-nox")
        return []
    with open(path + ".dat", "w", encoding="utf-8") as out:
        out.writelines("\t".join(map(str, line)) + "\n" for line in data)
    drawn = []
    for form in ("svg", "png"):
        values = {"form": form, "data": path + ".dat", "out": f"{path}.{form}", **settings}
        text = "; ".join(f"{name}={quoted(value) if isinstance(value, str) else value}"
                         for name, value in values.items())
        subprocess.run(["gnuplot", "-e", text, os.path.join(HERE, script)], check=True)
        drawn.append(f"{path}.{form}")
    os.remove(path + ".dat")
    return drawn


def quoted(text):
    """A string in gnuplot's double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def heading(lines, width):
    """What stands above a chart, wrapped."""
    wrapped = (textwrap.fill(f"{name}: {text}", width, subsequent_indent="    ")
               for name, text in lines.items())
    return "\n".join(wrapped)


# ---- rows: bars of how many times as fast ----

MET, MISSED, NO_GOAL = 0x0072B2, 0xD55E00, 0x999999


def draw_rows(folder, lines, results):
    data = [bar(place, result) for place, result in enumerate(results)]
    slowest = min((1 / result.ratio() for result in results if not result.trouble), default=1)
    low = next(low for low in (0.5, 0.2, 0.1, 0.05, 0.01) if slowest > low or low == 0.01)
    text = heading(lines, 150)
    return draw("rows.gnuplot", os.path.join(folder, "rows"), data, heading=text,
                heading_lines=text.count("\n") + 1, bars=len(data), low=low)


def bar(place, result):
    """place, label, times as fast, its range, goal, colour, and the two as text."""
    row = result.row
    label = f"{row.work}  |  {row.against}"
    goal, goal_text = (f"{1 / row.goal:.5g}", times(1 / row.goal)) if row.goal else ("NaN", "")
    if result.trouble:
        return (place, label, "NaN", "NaN", "NaN", goal, NO_GOAL, result.trouble.split(":")[0], goal_text)
    lowest, highest = result.ratios()
    colour = {"yes": MET, "no": MISSED}.get(result.met(), NO_GOAL)
    faster = 1 / result.ratio()
    return (place, label, f"{faster:.5g}", f"{1 / highest:.5g}", f"{1 / lowest:.5g}", goal, colour,
            times(faster), goal_text)


def times(factor):
    return f"{factor:.1f}" if factor >= 10 else f"{factor:.2f}"


# ---- growth: time and memory on log axes ----


def draw_growth(folder, lines, result):
    series, data = result.series, []
    for line in result.lines:
        points = result.points[line.label]
        data += [point_columns(p, result.by_law(points[0], p.x)) for p in points] + [(), ()]
    text = heading(lines, 150)
    return draw("growth.gnuplot", os.path.join(folder, f"growth-{series.name}"), data, heading=text,
                heading_lines=text.count("\n") + 1, title=series.title, x_label=series.x_label,
                x_low=series.xs[0] / 1.2, x_high=series.xs[-1] * 1.2, law=series.law,
                names="\n".join(line.label for line in result.lines), count=len(result.lines),
                ours="".join(str(int(not line.peer)) for line in result.lines),
                bounded=int(bool(result.lines[0].bound)), ticks=ticks(series.xs))


def point_columns(point, by_law):
    """x, seconds, lowest, highest, megabytes, their bound, seconds if time grew by its law."""
    numbers = [run.seconds for run in point.runs]
    bound = f"{point.bound / 1e6:.4g}" if point.bound else "NaN"
    return (point.x, f"{point.seconds():.6g}", f"{min(numbers):.6g}", f"{max(numbers):.6g}",
            f"{point.memory / 1e6:.4g}", bound, by_law)


def ticks(xs):
    return ", ".join(f'"{x:,}" {x}' for x in xs)
