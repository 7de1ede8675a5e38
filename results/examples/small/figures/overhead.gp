# Draws overhead.svg; gnuplot -e "format='png'" overhead.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 294 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,294 noenhanced font 'DejaVu Sans,12' name 'overhead' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,588 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,2.45in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'overhead.dat'; set output 'overhead.'.format
set multiplot
unset key
set arrow 1 from screen 0.01190,0.04082 to screen 0.02857,0.04082 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 2 'grey band: bare metal against itself; bands and whiskers: 95 % intervals' at screen 0.03571,0.04082 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 '(a) CPU' at screen 0.01190,0.92177 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 4 'relative' at screen 0.41310,0.92177 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'overhead' at screen 0.49167,0.92177 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 6 'performance relative to bare metal (higher is better)' at screen 0.49167,0.56122 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 7 'cpu.prime' at screen 0.01190,0.84014 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'bare metal: 196 events/s' at screen 0.49167,0.84014 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 9 from first 0,20 to first 0,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 0.5,20 to first 0.5,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 11 from first 1,20 to first 1,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 12 from first 1,20 to first 1,62 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 13 'bare metal again' at screen 0.13952,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 14 '1.05' at screen 0.40833,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 15 '−4.4 %' at screen 0.49167,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 16 rectangle from first 0.971469863,20 to first 1.12726203,62 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 17 'container (runc)' at screen 0.13952,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 18 '1.05' at screen 0.40833,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '−4.9 %' at screen 0.49167,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.14905
set rmargin at screen 0.35119
set tmargin at screen 0.87755
set bmargin at screen 0.65306
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '0.5' 0.5, '1' 1)
set xrange [0:1.39779265] noextend
unset logscale x
unset ytics
unset logscale y
set yrange [66:0] noextend
plot NaN notitle, \
  data index 0 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

set label 1 '(b) Disk' at screen 0.50833,0.92177 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.90952,0.92177 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.98810,0.92177 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better)' at screen 0.98810,0.56122 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'disk.randread' at screen 0.50833,0.84014 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 1707 IO/s' at screen 0.98810,0.84014 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0,20 to first 0,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.5,20 to first 0.5,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,62 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.63595,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '0.91' at screen 0.90476,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '+9.5 %' at screen 0.98810,0.77381 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.84197829,20 to first 0.990881538,62 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.63595,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '0.98' at screen 0.90476,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+1.7 %' at screen 0.98810,0.70238 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.64548
set rmargin at screen 0.84762
set tmargin at screen 0.87755
set bmargin at screen 0.65306
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '0.5' 0.5, '1' 1)
set xrange [0:1.39779265] noextend
unset logscale x
unset ytics
unset logscale y
set yrange [66:0] noextend
plot NaN notitle, \
  data index 1 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

set label 1 '(c) Network' at screen 0.01190,0.47959 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.41310,0.47959 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.49167,0.47959 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better)' at screen 0.49167,0.11905 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'network.rr' at screen 0.01190,0.39796 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 3101 transactions/s' at screen 0.49167,0.39796 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0,20 to first 0,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.5,20 to first 0.5,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,62 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,62 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.13952,0.33163 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.01' at screen 0.40833,0.33163 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '−1.1 %' at screen 0.49167,0.33163 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.908137476,20 to first 1.12583127,62 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.13952,0.26020 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '0.91' at screen 0.40833,0.26020 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+9.8 %' at screen 0.49167,0.26020 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.14905
set rmargin at screen 0.35119
set tmargin at screen 0.43537
set bmargin at screen 0.21088
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '0.5' 0.5, '1' 1)
set xrange [0:1.39779265] noextend
unset logscale x
unset ytics
unset logscale y
set yrange [66:0] noextend
plot NaN notitle, \
  data index 2 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle
unset label
unset arrow
unset object

unset multiplot
