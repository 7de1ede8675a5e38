# Draws cost.svg; gnuplot -e "format='png'" cost.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 1018 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,1018 noenhanced font 'DejaVu Sans,12' name 'cost' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,2036 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,8.48333in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'cost.dat'; set output 'cost.'.format
set multiplot
unset key
set label 1 'cpu.compile' at screen 0.01190,0.97937 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.01190,0.96267 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.47500,0.77112 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.94892
set bmargin at screen 0.80157
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10)
set xrange [0.869565217:16.7289536] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.0584922309:1.18643605] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 0 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 0 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'cpu.compress' at screen 0.51310,0.97937 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.51310,0.96267 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.97619,0.77112 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.94892
set bmargin at screen 0.80157
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '1.5' 1.5, '2' 2, '3' 3)
set xrange [0.807048832:3.68180335] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1' 1, '1.2' 1.2)
set yrange [0:1.20199477] noextend
unset logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 1 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 1 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'memory.kv' at screen 0.01190,0.74754 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.01190,0.73084 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.47500,0.53929 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.71709
set bmargin at screen 0.56974
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10)
set xrange [0.856198289:16.7626244] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.0543136884:1.21409234] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 2 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 2 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 2 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 2 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'memory.stream' at screen 0.51310,0.74754 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.51310,0.73084 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.97619,0.53929 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.71709
set bmargin at screen 0.56974
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10)
set xrange [0.869565217:19.2527876] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.0355104933:1.21530016] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 3 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 3 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 3 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 3 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 3 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'disk.randomrw:cached=on' at screen 0.01190,0.51572 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.01190,0.49902 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.47500,0.30747 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.48527
set bmargin at screen 0.33792
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10, '20' 20)
set xrange [0.869565217:20.4380095] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.0361595555:1.25189319] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 4 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 4 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 4 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 4 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 4 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'disk.randomrw' at screen 0.51310,0.51572 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.51310,0.49902 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.97619,0.30747 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.48527
set bmargin at screen 0.33792
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10)
set xrange [0.869565217:16.3452724] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.112998849:1.22630684] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 5 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 5 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 5 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 5 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 5 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'network.web' at screen 0.01190,0.28389 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.01190,0.26719 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.47500,0.07564 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.25344
set bmargin at screen 0.10609
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10, '20' 20)
set xrange [0.847414652:31.1752716] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.0350020835:1.27051748] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 6 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 6 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 6 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 6 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 6 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 'network.rr' at screen 0.51310,0.28389 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'relative performance (higher is better)' at screen 0.51310,0.26719 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'host CPU per operation, relative (lower is better)' at screen 0.97619,0.07564 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.25344
set bmargin at screen 0.10609
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('1' 1, '2' 2, '5' 5, '10' 10)
set xrange [0.815938473:14.8049144] noextend
set logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.2' 0.2, '0.5' 0.5, '1' 1)
set yrange [0.15977797:1.3657856] noextend
set logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
set arrow from 1,graph 0 to 1,graph 1 nohead back linecolor rgb '#5f5f5f'
set arrow from graph 0,first 1 to graph 1,first 1 nohead back linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 7 using ($1==0?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 7 using ($1==1?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 7 using ($1==2?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 7 using ($1==3?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 13 linecolor rgb '#009e73' notitle, \
  data index 7 using ($1==4?$2:NaN):3:4:5 with yerrorbars pointsize 1.1 linewidth 1.4 pointtype 9 linecolor rgb '#d55e00' notitle
unset label
unset arrow
unset object

set label 1 '' at screen 0.02024,0.05403 point pointtype 5 pointsize 1 linecolor rgb '#222222'
set label 2 'bare metal' at screen 0.03571,0.05403 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '' at screen 0.50833,0.05403 point pointtype 2 pointsize 1 linecolor rgb '#9a9a9a'
set label 4 'bare metal again' at screen 0.52381,0.05403 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 5 '' at screen 0.02024,0.03635 point pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set label 6 'container (runc)' at screen 0.03571,0.03635 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 7 '' at screen 0.50833,0.03635 point pointtype 13 pointsize 1 linecolor rgb '#009e73'
set label 8 'microVM (KVM without hardware virtualization)' at screen 0.52381,0.03635 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 9 '' at screen 0.02024,0.01866 point pointtype 9 pointsize 1 linecolor rgb '#d55e00'
set label 10 'VM (emulated, TCG)' at screen 0.03571,0.01866 left font 'DejaVu Sans,11' textcolor rgb '#222222'
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
