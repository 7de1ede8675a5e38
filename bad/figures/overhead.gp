# Draws overhead.svg; gnuplot -e "format='png'" overhead.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 336 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,336 noenhanced font 'DejaVu Sans,12' name 'overhead' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,672 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,2.8in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'overhead.dat'; set output 'overhead.'.format
set multiplot
unset key
set arrow 1 from screen 0.01190,0.03571 to screen 0.02857,0.03571 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 2 'grey band: bare metal against itself; bands and whiskers: 95 % intervals' at screen 0.03571,0.03571 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 '(a) CPU' at screen 0.01190,0.93155 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 4 'relative' at screen 0.41310,0.93155 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'overhead' at screen 0.49167,0.93155 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 6 'performance relative to bare metal (higher is better), log scale' at screen 0.49167,0.55357 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 7 'cpu.compress' at screen 0.01190,0.86012 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'bare metal: 12.3 MB/s' at screen 0.49167,0.86012 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 9 from first 0.2,20 to first 0.2,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 0.5,20 to first 0.5,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 11 from first 1,20 to first 1,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 12 from first 1,20 to first 1,83 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 13 'bare metal again' at screen 0.15548,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 14 '1.00' at screen 0.40833,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 15 '−0.3 %' at screen 0.49167,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 16 rectangle from first 0.995433829,20 to first 1.01060786,83 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 17 'container (runc)' at screen 0.15548,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 18 '1.00' at screen 0.40833,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '+0.1 %' at screen 0.49167,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 20 'VM (emulated, TCG)' at screen 0.15548,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '0.83' at screen 0.40833,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 22 '+20 %' at screen 0.49167,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.16500
set rmargin at screen 0.35119
set tmargin at screen 0.89286
set bmargin at screen 0.63393
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set xrange [0.171125074:1.16446046] noextend
set logscale x
unset ytics
unset logscale y
set yrange [87:0] noextend
plot NaN notitle, \
  data index 0 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  '' index 0 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  '' index 0 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointtype 9 pointsize 0.9 linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 0 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  '' index 0 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointtype 13 pointsize 0.9 linewidth 1.6 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

set label 1 '(b) Memory' at screen 0.50833,0.93155 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.90952,0.93155 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.98810,0.93155 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.98810,0.55357 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'memory.stream' at screen 0.50833,0.86012 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 38.1 GB/s' at screen 0.98810,0.86012 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.2,20 to first 0.2,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.5,20 to first 0.5,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,83 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.65190,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.00' at screen 0.90476,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '0 %' at screen 0.98810,0.80208 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.992943259,20 to first 1.00645191,83 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.65190,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '1.00' at screen 0.90476,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+0.1 %' at screen 0.98810,0.73958 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'VM (emulated, TCG)' at screen 0.65190,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '0.72' at screen 0.90476,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '+39 %' at screen 0.98810,0.67708 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.66143
set rmargin at screen 0.84762
set tmargin at screen 0.89286
set bmargin at screen 0.63393
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set xrange [0.171125074:1.16446046] noextend
set logscale x
unset ytics
unset logscale y
set yrange [87:0] noextend
plot NaN notitle, \
  data index 1 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  '' index 1 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  '' index 1 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointtype 9 pointsize 0.9 linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 1 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  '' index 1 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointtype 13 pointsize 0.9 linewidth 1.6 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

set label 1 '(c) Disk' at screen 0.01190,0.48214 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.41310,0.48214 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.49167,0.48214 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.49167,0.10417 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'disk.randomrw' at screen 0.01190,0.41071 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 18 321 IO/s' at screen 0.49167,0.41071 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.2,20 to first 0.2,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.5,20 to first 0.5,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,83 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.15548,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.00' at screen 0.40833,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '+0.2 %' at screen 0.49167,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.992133293,20 to first 1.00425902,83 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.15548,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '1.00' at screen 0.40833,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '−0.1 %' at screen 0.49167,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'VM (emulated, TCG)' at screen 0.15548,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '0.20' at screen 0.40833,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '+403 %' at screen 0.49167,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.16500
set rmargin at screen 0.35119
set tmargin at screen 0.44345
set bmargin at screen 0.18452
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set xrange [0.171125074:1.16446046] noextend
set logscale x
unset ytics
unset logscale y
set yrange [87:0] noextend
plot NaN notitle, \
  data index 2 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  '' index 2 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  '' index 2 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointtype 9 pointsize 0.9 linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 2 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  '' index 2 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointtype 13 pointsize 0.9 linewidth 1.6 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

set label 1 '(d) Network' at screen 0.50833,0.48214 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.90952,0.48214 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.98810,0.48214 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.98810,0.10417 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'network.rr' at screen 0.50833,0.41071 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 21.7 µs' at screen 0.98810,0.41071 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.2,20 to first 0.2,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.5,20 to first 0.5,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,83 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,83 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.65190,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.00' at screen 0.90476,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '−0.3 %' at screen 0.98810,0.35268 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.993998357,20 to first 1.01257431,83 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.65190,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '1.00' at screen 0.90476,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '−0.3 %' at screen 0.98810,0.29018 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'VM (emulated, TCG)' at screen 0.65190,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '0.24' at screen 0.90476,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '+319 %' at screen 0.98810,0.22768 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.66143
set rmargin at screen 0.84762
set tmargin at screen 0.44345
set bmargin at screen 0.18452
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set xrange [0.171125074:1.16446046] noextend
set logscale x
unset ytics
unset logscale y
set yrange [87:0] noextend
plot NaN notitle, \
  data index 3 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  '' index 3 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  '' index 3 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointtype 9 pointsize 0.9 linewidth 1.6 linecolor rgb '#d55e00' notitle, \
  data index 3 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  '' index 3 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointtype 13 pointsize 0.9 linewidth 1.6 linecolor rgb '#009e73' notitle
unset label
unset arrow
unset object

unset multiplot
