# Bars: how many times as fast as each peer, on a log axis, with the goal as a mark.
# charts.py sets form, data, out, heading, heading_lines, bars, low (where the axis
# starts).

top = 70 + 15 * heading_lines
height = top + 24 * bars + 50
if (form eq 'svg') {
    set terminal svg size 1100,height font 'DejaVu Sans,12' background rgb 'white'
} else {
    set terminal pngcairo size 1650,1.5*height fontscale 1.5 linewidth 1.5 font 'DejaVu Sans,9' background rgb 'white'
}
set output out
set datafile separator "\t"
set encoding utf8

y_of(pixels) = 1 - (pixels + 0.0) / height
set label 1 'glovepipe beside its peers: how many times as fast' \
    at screen 0.012, y_of(20) font ',15' noenhanced
set label 2 heading at screen 0.012, y_of(46) font ',9' tc rgb '#444444' noenhanced
set tmargin at screen y_of(top)
set bmargin at screen 45.0 / height
set lmargin at screen 0.44
set rmargin at screen 0.87

set yrange [bars - 0.4 : -0.6]
set logscale x 10
set xrange [low : *<200]
set xtics ('1/20' 0.05, '1/10' 0.1, '1/5' 0.2, '1/2' 0.5, '1' 1, '2' 2, '5' 5, '10' 10, '20' 20, '50' 50, '100' 100) nomirror
set ytics scale 0 noenhanced
set border 1 lc rgb '#666666'
set grid x lc rgb '#dddddd' lt 1
set style fill solid noborder
set key at screen 0.985, screen y_of(20) right center horizontal noenhanced samplen 1.5 font ',10'
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb '#666666' front
set label 3 'as fast' at screen 0.92, y_of(top - 4) right font ',10'
set label 4 'goal' at screen 0.985, y_of(top - 4) right font ',10'

half = 0.36
do for [place = 0 : bars - 1] {
    set label 10 + 2 * place system(sprintf("sed -n %dp '%s' | cut -f 8", place + 1, data)) \
        at screen 0.92, first place right noenhanced font ',11'
    set label 11 + 2 * place system(sprintf("sed -n %dp '%s' | cut -f 9", place + 1, data)) \
        at screen 0.985, first place right noenhanced tc rgb '#666666'
}
plot data using 3:1:(1):3:($1 - half):($1 + half):7:ytic(2) with boxxyerror fc rgb variable notitle, \
    '' using 3:1:4:5 with xerrorbars pt -1 lc rgb '#333333' lw 1 notitle, \
    '' using 6:($1 - half):(0):(2 * half) with vectors nohead lc rgb 'black' lw 2.5 notitle, \
    NaN with boxes fc rgb '#0072b2' title 'goal met', \
    NaN with boxes fc rgb '#d55e00' title 'missed', \
    NaN with boxes fc rgb '#999999' title 'no goal', \
    NaN with lines lc rgb 'black' lw 2.5 title 'goal'
