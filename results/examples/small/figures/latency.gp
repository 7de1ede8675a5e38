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
set label 1 'network.rr' at screen 0.01190,0.92336 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.01190,0.86131 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.47500,0.14964 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.81022
set bmargin at screen 0.26277
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100)
set xrange [1.2:411.096096] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000, '2000' 2000)
set yrange [49.7526087:3231.33382] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100)
plot NaN notitle, \
  data index 0 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

set label 1 'disk.randread' at screen 0.51310,0.92336 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.51310,0.86131 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.97619,0.14964 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.81022
set bmargin at screen 0.26277
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100)
set xrange [1.2:259.384101] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('500' 500, '1000' 1000, '2000' 2000)
set yrange [246.65:2835.66022] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100)
plot NaN notitle, \
  data index 1 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

set label 1 '' at screen 0.02024,0.06934 point pointtype 5 pointsize 1 linecolor rgb '#222222'
set label 2 'bare metal' at screen 0.03571,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '' at screen 0.34563,0.06934 point pointtype 2 pointsize 1 linecolor rgb '#9a9a9a'
set label 4 'bare metal again' at screen 0.36111,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 5 '' at screen 0.67103,0.06934 point pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set label 6 'container (runc)' at screen 0.68651,0.06934 left font 'DejaVu Sans,11' textcolor rgb '#222222'
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
