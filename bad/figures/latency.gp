# Draws latency.svg; gnuplot -e "format='png'" latency.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 274 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,274 noenhanced font 'DejaVu Sans,12' name 'latency' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,548 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,2.28333in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'latency.dat'; set output 'latency.'.format
set multiplot
unset key
set label 1 'disk.randomrw' at screen 0.01190,0.92336 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.01190,0.86131 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.47500,0.14964 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.81022
set bmargin at screen 0.26277
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100)
set xrange [1.2:517.539322] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000)
set yrange [26.2117391:1822.92422] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100)
plot NaN notitle, \
  data index 0 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  '' index 0 using ($1==0&&$4==1?$2:NaN):3 with points pointtype 7 pointsize 0.9 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  '' index 0 using ($1==1&&$4==1?$2:NaN):3 with points pointtype 2 pointsize 0.9 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  '' index 0 using ($1==2&&$4==1?$2:NaN):3 with points pointtype 9 pointsize 0.9 linecolor rgb '#d55e00' notitle, \
  data index 0 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  '' index 0 using ($1==3&&$4==1?$2:NaN):3 with points pointtype 13 pointsize 0.9 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

set label 1 'network.rr' at screen 0.51310,0.92336 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.51310,0.86131 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.97619,0.14964 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.81022
set bmargin at screen 0.26277
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100)
set xrange [1.2:517.539322] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000)
set yrange [26.3230435:1766.5932] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100)
plot NaN notitle, \
  data index 1 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  '' index 1 using ($1==0&&$4==1?$2:NaN):3 with points pointtype 7 pointsize 0.9 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  '' index 1 using ($1==1&&$4==1?$2:NaN):3 with points pointtype 2 pointsize 0.9 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  '' index 1 using ($1==2&&$4==1?$2:NaN):3 with points pointtype 9 pointsize 0.9 linecolor rgb '#d55e00' notitle, \
  data index 1 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  '' index 1 using ($1==3&&$4==1?$2:NaN):3 with points pointtype 13 pointsize 0.9 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

set label 1 '' at screen 0.02024,0.06934 point pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set label 2 'bare metal' at screen 0.03571,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '' at screen 0.26429,0.06934 point pointtype 2 pointsize 1 linecolor rgb '#9a9a9a'
set label 4 'bare metal again' at screen 0.27976,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 5 '' at screen 0.50833,0.06934 point pointtype 9 pointsize 1 linecolor rgb '#d55e00'
set label 6 'container (runc)' at screen 0.52381,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 '' at screen 0.75238,0.06934 point pointtype 13 pointsize 1 linecolor rgb '#009e73'
set label 8 'VM (emulated, TCG)' at screen 0.76786,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 0
unset xtics
unset ytics
unset grid
set border 0
unset logscale
set xrange [0:1]
set yrange [0:1]
plot NaN notitle
unset label
unset arrow
unset object

unset multiplot
