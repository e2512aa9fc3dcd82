# Time and memory against size, on log axes, a line a program; ours are bold.
# charts.py sets form, data, out, heading, heading_lines, title, x_label, x_low, x_high, names,
# count, ours (a digit a line), law, bounded, ticks.

top = 88 + 15 * heading_lines
height = top + 400
if (form eq 'svg') {
    set terminal svg size 1100,height font 'DejaVu Sans,12' background rgb 'white'
} else {
    set terminal pngcairo size 1650,1.5*height fontscale 1.5 linewidth 1.5 font 'DejaVu Sans,9' background rgb 'white'
}
set output out
set datafile separator "\t"
set encoding utf8

y_of(pixels) = 1 - (pixels + 0.0) / height
array colour[8] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#777777', '#000000']
width_of(i) = substr(ours, i, i) eq '1' ? 3 : 1.5

set multiplot
set label 1 title at screen 0.012, y_of(20) font ',15' noenhanced
set label 2 heading at screen 0.012, y_of(44) font ',9' tc rgb '#444444' noenhanced
# The key: the programs' names in their colours.
x = 0.08
do for [i = 1 : count] {
    name = system(sprintf("printf '%%s\n' \"%s\" | sed -n %dp", names, i))
    set label 10 + i '● ' . name at screen x, y_of(top - 22) tc rgb colour[i] noenhanced
    x = x + (strlen(name) * 8 + 42) / 1100.0
}
if (law ne '') { set label 20 '- - ' . law at screen x, y_of(top - 22) tc rgb '#666666' noenhanced }
if (bounded) { set label 21 '- - 2.5 matrices and the forest' at screen 0.585, y_of(top - 22) tc rgb '#666666' noenhanced }

set tmargin at screen y_of(top)
set bmargin at screen 60.0 / height
set logscale xy
set format y '%g'
eval 'set xtics (' . ticks . ') nomirror'
set xrange [x_low : x_high]
set xlabel x_label
set ytics nomirror
set border 3 lc rgb '#666666'
set grid xtics ytics lc rgb '#dddddd' lt 1
unset key

set lmargin at screen 0.08
set rmargin at screen 0.50
set ylabel 'seconds: median and range'
plot for [i = 1 : count] data index i - 1 using 1:2:3:4 with yerrorlines lc rgb colour[i] lw width_of(i) pt 7 ps 0.7, \
    data index 0 using 1:7 with lines dt 2 lc rgb '#666666'

do for [i = 1 : 21] { unset label i }
set lmargin at screen 0.585
set rmargin at screen 0.985
set ylabel 'peak memory of all processes, MB'
plot for [i = 1 : count] data index i - 1 using 1:5 with linespoints lc rgb colour[i] lw width_of(i) pt 7 ps 0.7, \
    data index 0 using 1:6 with lines dt 2 lc rgb '#666666'
unset multiplot
