# Draws latency.svg; gnuplot -e "format='png'" latency.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 782 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,782 noenhanced font 'DejaVu Sans,12' name 'latency' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,1564 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,6.51667in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'latency.dat'; set output 'latency.'.format
set multiplot
unset key
set label 1 'memory.kv' at screen 0.01190,0.97315 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.01190,0.95141 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.47500,0.70205 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.93350
set bmargin at screen 0.74169
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100, '1000' 1000)
set xrange [1.2:4110.96096] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('20' 20, '50' 50, '100' 100, '200' 200, '500' 500)
set yrange [11.9369565:638.258625] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100, '99.9' 1000)
plot NaN notitle, \
  data index 0 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==3?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==4?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 0 using ($1==4?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'disk.randomrw:cached=on' at screen 0.51310,0.97315 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.51310,0.95141 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.97619,0.70205 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.93350
set bmargin at screen 0.74169
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100, '1000' 1000, '10000' 10000)
set xrange [1.2:13000] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('10' 10, '30' 30, '100' 100, '300' 300, '1000' 1000, '3000' 3000)
set yrange [4.71608696:6990.23302] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100, '99.9' 1000, '99.99' 10000)
plot NaN notitle, \
  data index 1 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  data index 1 using ($1==3?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 1 using ($1==4?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 1 using ($1==4?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'disk.randomrw' at screen 0.01190,0.67136 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.01190,0.64962 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.47500,0.40026 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.63171
set bmargin at screen 0.43990
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100, '1000' 1000)
set xrange [1.2:4110.96096] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('100' 100, '200' 200, '500' 500, '1000' 1000, '2000' 2000)
set yrange [61.2169565:4757.50342] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100, '99.9' 1000)
plot NaN notitle, \
  data index 2 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 2 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 2 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  data index 2 using ($1==3?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 2 using ($1==4?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 2 using ($1==4?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'network.web' at screen 0.51310,0.67136 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.51310,0.64962 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.97619,0.40026 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.63171
set bmargin at screen 0.43990
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100)
set xrange [1.2:103.262671] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('100' 100, '200' 200, '500' 500, '1000' 1000, '2000' 2000)
set yrange [89.2656522:2369.33062] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100)
plot NaN notitle, \
  data index 3 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 3 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 3 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 3 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 3 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  data index 3 using ($1==3?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 3 using ($1==4?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 3 using ($1==4?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'network.rr' at screen 0.01190,0.36957 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'latency, µs (lower is better), log scale' at screen 0.01190,0.34783 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'percentile of operations' at screen 0.47500,0.09847 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.32992
set bmargin at screen 0.13811
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('2' 2, '10' 10, '100' 100, '1000' 1000)
set xrange [1.2:3265.45236] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('100' 100, '200' 200, '500' 500, '1000' 1000, '2000' 2000)
set yrange [58.9908696:2439.98662] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set xtics ('50' 2, '90' 10, '99' 100, '99.9' 1000)
plot NaN notitle, \
  data index 4 using ($1==0?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#222222' notitle, \
  data index 4 using ($1==0?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 4 using ($1==1?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 4 using ($1==1?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 4 using ($1==2?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#0072b2' notitle, \
  data index 4 using ($1==2?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 4 using ($1==3?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#009e73' notitle, \
  data index 4 using ($1==3?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 4 using ($1==4?$2:NaN):3 with lines linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 4 using ($1==4?($4==1?$2:NaN):NaN):3 with points pointsize 0.9 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 '' at screen 0.02024,0.07033 point pointtype 5 pointsize 1 linecolor rgb '#222222'
set label 2 'bare metal' at screen 0.03571,0.07033 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '' at screen 0.50833,0.07033 point pointtype 2 pointsize 1 linecolor rgb '#9a9a9a'
set label 4 'bare metal again' at screen 0.52381,0.07033 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 5 '' at screen 0.02024,0.04731 point pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set label 6 'container (runc)' at screen 0.03571,0.04731 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 '' at screen 0.50833,0.04731 point pointtype 13 pointsize 1 linecolor rgb '#009e73'
set label 8 'microVM (KVM without hardware virtualization)' at screen 0.52381,0.04731 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 9 '' at screen 0.02024,0.02430 point pointtype 9 pointsize 1 linecolor rgb '#d55e00'
set label 10 'VM (emulated, TCG)' at screen 0.03571,0.02430 left font 'DejaVu Sans,11' textcolor rgb '#222222'
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
