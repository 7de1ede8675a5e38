# Draws forest.svg; gnuplot -e "format='png'" forest.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 161 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,161 noenhanced font 'DejaVu Sans,12' name 'forest' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,322 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,1.34167in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'forest.dat'; set output 'forest.'.format
set multiplot
unset key
set label 1 'network.rr' at screen 0.01190,0.74845 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 2 'container (runc)' at screen 0.27690,0.74845 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '+9.8 %' at screen 0.98810,0.74845 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 4 'disk.randread' at screen 0.01190,0.61801 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 5 'container (runc)' at screen 0.27690,0.61801 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 6 '+1.7 %' at screen 0.98810,0.61801 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 'cpu.prime' at screen 0.01190,0.48758 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'container (runc)' at screen 0.27690,0.48758 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 9 '−4.9 %' at screen 0.98810,0.48758 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 10 'overhead of an operation against bare metal (lower is better), log scale of cost' at screen 0.98810,0.23602 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 11 'overhead' at screen 0.98810,0.90683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 12 rectangle from first 0.970873786,0 to first 1.03,63 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set arrow 13 from screen 0.01190,0.08075 to screen 0.02857,0.08075 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 14 'margin: a difference within ±3 % is negligible; whiskers: 95 % intervals' at screen 0.03571,0.08075 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.28643
set rmargin at screen 0.90000
set tmargin at screen 0.81366
set bmargin at screen 0.42236
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.7' 0.7, '1' 1, '1.5' 1.5)
set xrange [0.565166008:1.83113787] noextend
set logscale x
unset ytics
unset logscale y
set yrange [63:0] noextend
set xtics ('−30 %%' 0.7, '0 %%' 1, '+50 %%' 1.5)
set arrow 15 from first 0.7,0 to first 0.7,63 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 16 from first 1,0 to first 1,63 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 17 from first 1.5,0 to first 1.5,63 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 18 from first 1,0 to first 1,63 nohead back linewidth 1 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 0 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

unset multiplot
