# Draws overhead.svg; gnuplot -e "format='png'" overhead.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 738 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,738 noenhanced font 'DejaVu Sans,12' name 'overhead' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,1476 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,6.15in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'overhead.dat'; set output 'overhead.'.format
set multiplot
unset key
set arrow 1 from screen 0.01190,0.01626 to screen 0.02857,0.01626 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 2 'grey band: bare metal against itself; bands and whiskers: 95 % intervals' at screen 0.03571,0.01626 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 '(a) CPU' at screen 0.01190,0.96883 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 4 'relative' at screen 0.41310,0.96883 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'overhead' at screen 0.49167,0.96883 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 6 'performance relative to bare metal (higher is better), log scale' at screen 0.49167,0.52439 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 7 'cpu.compile' at screen 0.01190,0.93631 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'bare metal: 666 units/s' at screen 0.49167,0.93631 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 9 from first 0.1,20 to first 0.1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 0.3,20 to first 0.3,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 11 from first 1,20 to first 1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 12 from first 1,20 to first 1,140 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 13 'bare metal again' at screen 0.20333,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 14 '0.99' at screen 0.40833,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 15 '+0.6 %' at screen 0.49167,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 16 rectangle from first 0.957893619,20 to first 1.03168352,140 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 17 'container (runc)' at screen 0.20333,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 18 '1.00' at screen 0.40833,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 '0 %' at screen 0.49167,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 20 'microVM (KVM without' at screen 0.20333,0.83130 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 'hardware virtualization)' at screen 0.20333,0.81369 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 22 'unavailable' at screen 0.49167,0.82249 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 23 'VM (emulated, TCG)' at screen 0.20333,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '0.070' at screen 0.40833,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 25 '+1330 %' at screen 0.49167,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 26 'cpu.compress' at screen 0.01190,0.74119 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 27 'bare metal: 2.77 MB/s' at screen 0.49167,0.74119 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 28 from first 0.1,164 to first 0.1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 29 from first 0.3,164 to first 0.3,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 30 from first 1,164 to first 1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 31 from first 1,164 to first 1,284 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 32 'bare metal again' at screen 0.20333,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 33 '1.04' at screen 0.40833,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 34 '−3.8 %' at screen 0.49167,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 35 rectangle from first 0.943933122,164 to first 1.14475693,284 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 36 'container (runc)' at screen 0.20333,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 37 '0.97' at screen 0.40833,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 38 '+3.6 %' at screen 0.49167,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 39 'microVM (KVM without' at screen 0.20333,0.63618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 40 'hardware virtualization)' at screen 0.20333,0.61856 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 41 '0.93' at screen 0.40833,0.62737 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 42 '+7.7 %' at screen 0.49167,0.62737 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 43 'VM (emulated, TCG)' at screen 0.20333,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 44 '0.31' at screen 0.40833,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 45 '+219 %' at screen 0.49167,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.21286
set rmargin at screen 0.35119
set tmargin at screen 0.95122
set bmargin at screen 0.56098
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.1' 0.1, '0.3' 0.3, '1' 1)
set xrange [0.0350020835:1.3657856] noextend
set logscale x
unset ytics
unset logscale y
set yrange [288:0] noextend
plot NaN notitle, \
  data index 0 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==4?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  data index 0 using ($1==4?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 '(b) Memory' at screen 0.50833,0.96883 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.90952,0.96883 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.98810,0.96883 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.98810,0.52439 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'memory.kv' at screen 0.50833,0.93631 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 56 299 operations/s' at screen 0.98810,0.93631 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.1,20 to first 0.1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.3,20 to first 0.3,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,140 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.69976,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.00' at screen 0.90476,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '−0.3 %' at screen 0.98810,0.90379 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.952589911,20 to first 1.05573247,140 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.69976,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '0.96' at screen 0.90476,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+4.3 %' at screen 0.98810,0.86314 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'microVM (KVM without' at screen 0.69976,0.83130 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 'hardware virtualization)' at screen 0.69976,0.81369 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '0.067' at screen 0.90476,0.82249 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '+1402 %' at screen 0.98810,0.82249 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 22 'VM (emulated, TCG)' at screen 0.69976,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 23 '0.19' at screen 0.90476,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '+436 %' at screen 0.98810,0.78184 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 25 'memory.stream' at screen 0.50833,0.74119 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 26 'bare metal: 29.3 GB/s' at screen 0.98810,0.74119 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 27 from first 0.1,164 to first 0.1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 28 from first 0.3,164 to first 0.3,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 29 from first 1,164 to first 1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 30 from first 1,164 to first 1,284 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 31 'bare metal again' at screen 0.69976,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 32 '0.96' at screen 0.90476,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 33 '+3.8 %' at screen 0.98810,0.70867 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 34 rectangle from first 0.907220809,164 to first 1.02335373,284 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 35 'container (runc)' at screen 0.69976,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 36 '0.98' at screen 0.90476,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 37 '+2.2 %' at screen 0.98810,0.66802 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 38 'microVM (KVM without' at screen 0.69976,0.63618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 39 'hardware virtualization)' at screen 0.69976,0.61856 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 40 '0.95' at screen 0.90476,0.62737 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 41 '+4.8 %' at screen 0.98810,0.62737 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 42 'VM (emulated, TCG)' at screen 0.69976,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 43 '0.053' at screen 0.90476,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 44 '+1802 %' at screen 0.98810,0.58672 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.70929
set rmargin at screen 0.84762
set tmargin at screen 0.95122
set bmargin at screen 0.56098
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.1' 0.1, '0.3' 0.3, '1' 1)
set xrange [0.0350020835:1.3657856] noextend
set logscale x
unset ytics
unset logscale y
set yrange [288:0] noextend
plot NaN notitle, \
  data index 1 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  data index 1 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 1 using ($1==4?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  data index 1 using ($1==4?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 '(c) Disk' at screen 0.01190,0.49187 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.41310,0.49187 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.49167,0.49187 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.49167,0.04743 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'disk.randomrw:cached=on' at screen 0.01190,0.45935 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 90 365 IO/s' at screen 0.49167,0.45935 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.1,20 to first 0.1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.3,20 to first 0.3,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,140 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.20333,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '0.96' at screen 0.40833,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '+3.8 %' at screen 0.49167,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.853140977,20 to first 1.08860278,140 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.20333,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '0.88' at screen 0.40833,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+13 %' at screen 0.49167,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'microVM (KVM without' at screen 0.20333,0.35434 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 'hardware virtualization)' at screen 0.20333,0.33672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '0.14' at screen 0.40833,0.34553 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '+608 %' at screen 0.49167,0.34553 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 22 'VM (emulated, TCG)' at screen 0.20333,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 23 '0.058' at screen 0.40833,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '+1626 %' at screen 0.49167,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 25 'disk.randomrw' at screen 0.01190,0.26423 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 26 'bare metal: 18 902 IO/s' at screen 0.49167,0.26423 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 27 from first 0.1,164 to first 0.1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 28 from first 0.3,164 to first 0.3,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 29 from first 1,164 to first 1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 30 from first 1,164 to first 1,284 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 31 'bare metal again' at screen 0.20333,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 32 '1.02' at screen 0.40833,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 33 '−1.9 %' at screen 0.49167,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 34 rectangle from first 0.974214706,164 to first 1.06635377,284 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 35 'container (runc)' at screen 0.20333,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 36 '0.98' at screen 0.40833,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 37 '+1.8 %' at screen 0.49167,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 38 'microVM (KVM without' at screen 0.20333,0.15921 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 39 'hardware virtualization)' at screen 0.20333,0.14160 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 40 '0.46' at screen 0.40833,0.15041 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 41 '+118 %' at screen 0.49167,0.15041 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 42 'VM (emulated, TCG)' at screen 0.20333,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 43 '0.14' at screen 0.40833,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 44 '+607 %' at screen 0.49167,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.21286
set rmargin at screen 0.35119
set tmargin at screen 0.47425
set bmargin at screen 0.08401
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.1' 0.1, '0.3' 0.3, '1' 1)
set xrange [0.0350020835:1.3657856] noextend
set logscale x
unset ytics
unset logscale y
set yrange [288:0] noextend
plot NaN notitle, \
  data index 2 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  data index 2 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 2 using ($1==4?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  data index 2 using ($1==4?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 '(d) Network' at screen 0.50833,0.49187 left font 'DejaVu Sans:Bold,13' textcolor rgb '#222222'
set label 2 'relative' at screen 0.90952,0.49187 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'overhead' at screen 0.98810,0.49187 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 4 'performance relative to bare metal (higher is better), log scale' at screen 0.98810,0.04743 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 5 'network.web' at screen 0.50833,0.45935 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 6 'bare metal: 80 122 requests/s' at screen 0.98810,0.45935 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 7 from first 0.1,20 to first 0.1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 8 from first 0.3,20 to first 0.3,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 9 from first 1,20 to first 1,140 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 10 from first 1,20 to first 1,140 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 11 'bare metal again' at screen 0.69976,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 12 '1.01' at screen 0.90476,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 13 '−1.1 %' at screen 0.98810,0.42683 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 14 rectangle from first 0.9258645,20 to first 1.10479781,140 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 15 'container (runc)' at screen 0.69976,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 '0.75' at screen 0.90476,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 17 '+33 %' at screen 0.98810,0.38618 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 18 'microVM (KVM without' at screen 0.69976,0.35434 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 'hardware virtualization)' at screen 0.69976,0.33672 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 20 '0.10' at screen 0.90476,0.34553 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '+870 %' at screen 0.98810,0.34553 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 22 'VM (emulated, TCG)' at screen 0.69976,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 23 '0.043' at screen 0.90476,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '+2205 %' at screen 0.98810,0.30488 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 25 'network.rr' at screen 0.50833,0.26423 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 26 'bare metal: 11 087 transactions/s' at screen 0.98810,0.26423 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set arrow 27 from first 0.1,164 to first 0.1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 28 from first 0.3,164 to first 0.3,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 29 from first 1,164 to first 1,284 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 30 from first 1,164 to first 1,284 nohead back linewidth 1 linecolor rgb '#5f5f5f'
set label 31 'bare metal again' at screen 0.69976,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 32 '1.03' at screen 0.90476,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 33 '−3.0 %' at screen 0.98810,0.23171 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 34 rectangle from first 0.894608933,164 to first 1.18763966,284 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set label 35 'container (runc)' at screen 0.69976,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 36 '0.89' at screen 0.90476,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 37 '+13 %' at screen 0.98810,0.19106 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 38 'microVM (KVM without' at screen 0.69976,0.15921 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 39 'hardware virtualization)' at screen 0.69976,0.14160 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 40 '0.73' at screen 0.90476,0.15041 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 41 '+38 %' at screen 0.98810,0.15041 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 42 'VM (emulated, TCG)' at screen 0.69976,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 43 '0.20' at screen 0.90476,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 44 '+412 %' at screen 0.98810,0.10976 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.70929
set rmargin at screen 0.84762
set tmargin at screen 0.47425
set bmargin at screen 0.08401
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0.1' 0.1, '0.3' 0.3, '1' 1)
set xrange [0.0350020835:1.3657856] noextend
set logscale x
unset ytics
unset logscale y
set yrange [288:0] noextend
plot NaN notitle, \
  data index 3 using ($1==1?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==1?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==2?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#0072b2' notitle, \
  data index 3 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 3 using ($1==3?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#009e73' notitle, \
  data index 3 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 3 using ($1==4?($3+1)/2:NaN):2:(($3<1?$3:1)):(($3<1?1:$3)):($2-5):($2+5) with boxxyerror fillstyle transparent solid 0.25 noborder linecolor rgb '#d55e00' notitle, \
  data index 3 using ($1==4?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

unset multiplot
