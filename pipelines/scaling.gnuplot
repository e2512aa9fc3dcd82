# A bar chart of training time by jobs, one colour a program; called by pipelines/scaling with
# `format`, `rows` (program, jobs, seconds, tab-separated), `trees` and `cpus` set.

if (format eq 'svg') {
    set terminal svg size 720,420 font 'sans-serif,14' background rgb 'white'
} else {
    set terminal pngcairo size 1440,840 font 'sans-serif,26' background rgb 'white'
}

set datafile separator "\t"
set title sprintf("Training time, %d trees, %d CPUs (lower is better)", trees, cpus)
set xlabel 'jobs' offset 0, 0.5
set ylabel 'seconds'
set yrange [0:*]
set offsets 0, 0, graph 0.08, 0
set style fill solid noborder
set boxwidth 0.36
set border 3 lc rgb '#666666'
set tics nomirror
set grid y lc rgb '#dddddd' lt 1
set key outside below center horizontal reverse Left noenhanced samplen 1.5 width 2
set xtics scale 0 ('1' 0, '2' 1, '4' 2, '8' 3)
set xrange [-0.6:3.6]

place(jobs) = log(jobs) / log(2)
of(program) = sprintf("< awk -F '\t' -v program=%s '$1 == program' %s", program, rows)
both = system(sprintf("grep -c '^scikit-learn' %s || true", rows)) + 0

ours = both ? -0.19 : 0
if (both) {
    plot of('rf-train') using (place($2) + ours):3 with boxes lc rgb '#0072b2' title 'rf-train, whole process', \
        '' using (place($2) + ours):3:(sprintf('%.3g', $3)) with labels offset 0,0.7 tc rgb '#0072b2' notitle, \
        of('scikit-learn') using (place($2) - ours):3 with boxes lc rgb '#e69f00' title 'scikit-learn, fit alone', \
        '' using (place($2) - ours):3:(sprintf('%.3g', $3)) with labels offset 0,0.7 tc rgb '#a06c00' notitle
} else {
    plot of('rf-train') using (place($2)):3 with boxes lc rgb '#0072b2' title 'rf-train, whole process', \
        '' using (place($2)):3:(sprintf('%.3g', $3)) with labels offset 0,0.7 tc rgb '#0072b2' notitle
}
