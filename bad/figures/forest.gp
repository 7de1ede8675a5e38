# Draws forest.svg; gnuplot -e "format='png'" forest.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 266 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,266 noenhanced font 'DejaVu Sans,12' name 'forest' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,532 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,2.21667in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'forest.dat'; set output 'forest.'.format
set multiplot
unset key
set label 1 'disk.randomrw' at screen 0.01190,0.84774 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 2 'VM (emulated, TCG)' at screen 0.29286,0.84774 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '+403 %' at screen 0.98810,0.84774 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 4 'network.rr' at screen 0.01190,0.76880 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 5 'VM (emulated, TCG)' at screen 0.29286,0.76880 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 6 '+319 %' at screen 0.98810,0.76880 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 'memory.stream' at screen 0.01190,0.68985 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'VM (emulated, TCG)' at screen 0.29286,0.68985 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 9 '+39 %' at screen 0.98810,0.68985 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 10 'cpu.compress' at screen 0.01190,0.61090 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 11 'VM (emulated, TCG)' at screen 0.29286,0.61090 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 12 '+20 %' at screen 0.98810,0.61090 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 13 'cpu.compress' at screen 0.01190,0.53195 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 14 'container (runc)' at screen 0.29286,0.53195 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 15 '+0.1 %' at screen 0.98810,0.53195 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 'memory.stream' at screen 0.01190,0.45301 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 17 'container (runc)' at screen 0.29286,0.45301 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 18 '+0.1 %' at screen 0.98810,0.45301 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 'disk.randomrw' at screen 0.01190,0.37406 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 20 'container (runc)' at screen 0.29286,0.37406 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '−0.1 %' at screen 0.98810,0.37406 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 22 'network.rr' at screen 0.01190,0.29511 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 23 'container (runc)' at screen 0.29286,0.29511 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '−0.3 %' at screen 0.98810,0.29511 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 25 'overhead of an operation against bare metal (lower is better), log scale of cost' at screen 0.98810,0.14286 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 26 'overhead' at screen 0.98810,0.94361 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 27 rectangle from first 0.970873786,0 to first 1.03,168 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set arrow 28 from screen 0.01190,0.04887 to screen 0.02857,0.04887 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 29 'margin: a difference within ±3 % does not matter; whiskers: 95 % intervals' at screen 0.03571,0.04887 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.30238
set rmargin at screen 0.90000
set tmargin at screen 0.88722
set bmargin at screen 0.25564
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '1.5' 1.5, '2' 2, '3' 3, '4' 4, '5' 5)
set xrange [0.782608696:5.84367899] noextend
set logscale x
unset ytics
unset logscale y
set yrange [168:0] noextend
set xtics ('0 %%' 1, '+50 %%' 1.5, '+100 %%' 2, '+200 %%' 3, '+300 %%' 4, '+400 %%' 5)
set arrow 30 from first 1,0 to first 1,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 31 from first 1.5,0 to first 1.5,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 32 from first 2,0 to first 2,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 33 from first 3,0 to first 3,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 34 from first 4,0 to first 4,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 35 from first 5,0 to first 5,168 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 36 from first 1,0 to first 1,168 nohead back linewidth 1 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data using ($1==2?$3:NaN):2:4:5 with xerrorbars pointtype 9 pointsize 0.9 linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data using ($1==3?$3:NaN):2:4:5 with xerrorbars pointtype 13 pointsize 0.9 linewidth 1.6 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

unset multiplot
