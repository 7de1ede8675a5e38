# Draws forest.svg; gnuplot -e "format='png'" forest.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 581 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,581 noenhanced font 'DejaVu Sans,12' name 'forest' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,1162 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,4.84167in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'forest.dat'; set output 'forest.'.format
set multiplot
unset key
set label 1 'network.web' at screen 0.01190,0.93029 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 2 'VM (emulated, TCG)' at screen 0.56917,0.93029 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '+2205 %' at screen 0.98810,0.93029 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 4 'memory.stream' at screen 0.01190,0.89415 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 5 'VM (emulated, TCG)' at screen 0.56917,0.89415 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 6 '+1802 %' at screen 0.98810,0.89415 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 'disk.randomrw:cached=on' at screen 0.01190,0.85800 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 8 'VM (emulated, TCG)' at screen 0.56917,0.85800 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 9 '+1626 %' at screen 0.98810,0.85800 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 10 'memory.kv' at screen 0.01190,0.82186 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 11 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.82186 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 12 '+1402 %' at screen 0.98810,0.82186 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 13 'cpu.compile' at screen 0.01190,0.78571 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 14 'VM (emulated, TCG)' at screen 0.56917,0.78571 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 15 '+1330 %' at screen 0.98810,0.78571 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 16 'network.web' at screen 0.01190,0.74957 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 17 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.74957 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 18 '+870 %' at screen 0.98810,0.74957 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 19 'disk.randomrw:cached=on' at screen 0.01190,0.71343 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 20 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.71343 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 21 '+608 %' at screen 0.98810,0.71343 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 22 'disk.randomrw' at screen 0.01190,0.67728 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 23 'VM (emulated, TCG)' at screen 0.56917,0.67728 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 24 '+607 %' at screen 0.98810,0.67728 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 25 'memory.kv' at screen 0.01190,0.64114 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 26 'VM (emulated, TCG)' at screen 0.56917,0.64114 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 27 '+436 %' at screen 0.98810,0.64114 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 28 'network.rr' at screen 0.01190,0.60499 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 29 'VM (emulated, TCG)' at screen 0.56917,0.60499 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 30 '+412 %' at screen 0.98810,0.60499 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 31 'cpu.compress' at screen 0.01190,0.56885 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 32 'VM (emulated, TCG)' at screen 0.56917,0.56885 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 33 '+219 %' at screen 0.98810,0.56885 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 34 'disk.randomrw' at screen 0.01190,0.53270 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 35 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.53270 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 36 '+118 %' at screen 0.98810,0.53270 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 37 'network.rr' at screen 0.01190,0.49656 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 38 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.49656 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 39 '+38 %' at screen 0.98810,0.49656 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 40 'network.web' at screen 0.01190,0.46041 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 41 'container (runc)' at screen 0.56917,0.46041 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 42 '+33 %' at screen 0.98810,0.46041 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 43 'disk.randomrw:cached=on' at screen 0.01190,0.42427 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 44 'container (runc)' at screen 0.56917,0.42427 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 45 '+13 %' at screen 0.98810,0.42427 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 46 'network.rr' at screen 0.01190,0.38812 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 47 'container (runc)' at screen 0.56917,0.38812 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 48 '+13 %' at screen 0.98810,0.38812 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 49 'cpu.compress' at screen 0.01190,0.35198 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 50 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.35198 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 51 '+7.7 %' at screen 0.98810,0.35198 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 52 'memory.stream' at screen 0.01190,0.31583 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 53 'microVM (KVM without hardware virtualiza…' at screen 0.56917,0.31583 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 54 '+4.8 %' at screen 0.98810,0.31583 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 55 'memory.kv' at screen 0.01190,0.27969 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 56 'container (runc)' at screen 0.56917,0.27969 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 57 '+4.3 %' at screen 0.98810,0.27969 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 58 'cpu.compress' at screen 0.01190,0.24355 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 59 'container (runc)' at screen 0.56917,0.24355 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 60 '+3.6 %' at screen 0.98810,0.24355 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 61 'memory.stream' at screen 0.01190,0.20740 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 62 'container (runc)' at screen 0.56917,0.20740 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 63 '+2.2 %' at screen 0.98810,0.20740 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 64 'disk.randomrw' at screen 0.01190,0.17126 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 65 'container (runc)' at screen 0.56917,0.17126 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 66 '+1.8 %' at screen 0.98810,0.17126 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 67 'cpu.compile' at screen 0.01190,0.13511 left font 'DejaVu Sans:Bold,11' textcolor rgb '#222222'
set label 68 'container (runc)' at screen 0.56917,0.13511 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 69 '0 %' at screen 0.98810,0.13511 right font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 70 'overhead of an operation against bare metal (lower is better), log scale of cost' at screen 0.98810,0.06540 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 71 'overhead' at screen 0.98810,0.97418 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set object 72 rectangle from first 0.970873786,0 to first 1.03,483 behind fillcolor rgb '#9a9a9a' fillstyle transparent solid 0.3 noborder
set arrow 73 from screen 0.01190,0.02238 to screen 0.02857,0.02238 nohead linewidth 8 linecolor rgb '#d2d2d2'
set label 74 'margin: a difference within ±3 % is negligible; whiskers: 95 % intervals' at screen 0.03571,0.02238 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.57869
set rmargin at screen 0.90000
set tmargin at screen 0.94836
set bmargin at screen 0.11704
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '3' 3, '10' 10)
set xrange [0.782608696:28.5697279] noextend
set logscale x
unset ytics
unset logscale y
set yrange [483:0] noextend
set xtics ('0 %%' 1, '+200 %%' 3, '+900 %%' 10)
set arrow 75 from first 1,0 to first 1,483 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 76 from first 3,0 to first 3,483 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 77 from first 10,0 to first 10,483 nohead back linewidth 0.8 linecolor rgb '#d9d9d9'
set arrow 78 from first 1,0 to first 1,483 nohead back linewidth 1 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 0 using ($1==2?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==3?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==4?$3:NaN):2:4:5 with xerrorbars pointsize 0.9 linewidth 1.6 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

unset multiplot
