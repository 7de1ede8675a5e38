# Draws blocks.svg; gnuplot -e "format='png'" blocks.gp (or 'pdf') draws the others.
# Positions are pixels of a 840 x 510 canvas; inside a panel y is pixels from its top.
if (!exists('format')) format = 'svg'
set encoding utf8
if (format eq 'svg') set terminal svg size 840,510 noenhanced font 'DejaVu Sans,12' name 'blocks' background '#ffffff'
if (format eq 'png') set terminal pngcairo size 1680,1020 noenhanced font 'DejaVu Sans,12' fontscale 1.5 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo size 7in,4.25in noenhanced font 'DejaVu Sans,12' fontscale 0.6 pointscale 0.6 linewidth 0.6 background '#ffffff'
if (!exists('data')) data = 'blocks.dat'; set output 'blocks.'.format
set multiplot
unset key
set label 1 'cpu.prime' at screen 0.01190,0.95882 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'performance relative to the environment''s own mean' at screen 0.01190,0.92549 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'seconds since the workload''s first trial' at screen 0.47500,0.54314 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.89804
set bmargin at screen 0.60392
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '1' 1, '2' 2, '3' 3, '4' 4, '5' 5)
set xrange [-0.290977627:5.14060475] noextend
unset logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.8' 0.8, '1' 1, '1.2' 1.2, '1.4' 1.4)
set yrange [0.740055435:1.53170179] noextend
unset logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 0 using ($1==0?$2-4.63530371:NaN):3 with points pointsize 0.6 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 0 using ($1==1?$2-4.63530371:NaN):3 with points pointsize 0.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 0 using ($1==2?$2-4.63530371:NaN):3 with points pointsize 0.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 0 using ($4==1?$2-4.63530371:NaN):3 with points pointsize 1.5 linewidth 1.2 pointtype 6 linecolor rgb '#222222' notitle
unset label
unset arrow
unset object

set label 1 'network.rr' at screen 0.51310,0.95882 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'performance relative to the environment''s own mean' at screen 0.51310,0.92549 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'seconds since the workload''s first trial' at screen 0.97619,0.54314 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.56786
set rmargin at screen 0.97619
set tmargin at screen 0.89804
set bmargin at screen 0.60392
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '1' 1, '2' 2, '3' 3, '4' 4, '5' 5)
set xrange [-0.307814929:5.43806375] noextend
unset logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.9' 0.9, '1' 1, '1.1' 1.1, '1.2' 1.2, '1.3' 1.3, '1.4' 1.4, '1.5' 1.5)
set yrange [0.813127743:1.520164] noextend
unset logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 1 using ($1==0?$2-9.9649421:NaN):3 with points pointsize 0.6 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 1 using ($1==1?$2-9.9649421:NaN):3 with points pointsize 0.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 1 using ($1==2?$2-9.9649421:NaN):3 with points pointsize 0.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 1 using ($4==1?$2-9.9649421:NaN):3 with points pointsize 1.5 linewidth 1.2 pointtype 6 linecolor rgb '#222222' notitle
unset label
unset arrow
unset object

set label 1 'disk.randread' at screen 0.01190,0.49608 left font 'DejaVu Sans:Bold,12' textcolor rgb '#222222'
set label 2 'performance relative to the environment''s own mean' at screen 0.01190,0.46275 left font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set label 3 'seconds since the workload''s first trial' at screen 0.47500,0.08039 right font 'DejaVu Sans,11' textcolor rgb '#5f5f5f'
set lmargin at screen 0.06667
set rmargin at screen 0.47500
set tmargin at screen 0.43529
set bmargin at screen 0.14118
set border 0
unset grid
set xtics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0.4 ('0' 0, '1' 1, '2' 2, '3' 3, '4' 4)
set xrange [-0.280057982:4.94769101] noextend
unset logscale x
set ytics scale 0 nomirror font 'DejaVu Sans,11' textcolor rgb '#5f5f5f' offset 0,0 ('0.8' 0.8, '1' 1, '1.2' 1.2, '1.4' 1.4)
set yrange [0.717142008:1.59866988] noextend
unset logscale y
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb '#d9d9d9'
set border 3 linewidth 0.8 linecolor rgb '#5f5f5f'
plot NaN notitle, \
  data index 2 using ($1==0?$2-17.5413567:NaN):3 with points pointsize 0.6 pointtype 5 linecolor rgb '#222222' notitle, \
  data index 2 using ($1==1?$2-17.5413567:NaN):3 with points pointsize 0.6 pointtype 2 linecolor rgb '#9a9a9a' notitle, \
  data index 2 using ($1==2?$2-17.5413567:NaN):3 with points pointsize 0.6 pointtype 7 linecolor rgb '#0072b2' notitle, \
  data index 2 using ($4==1?$2-17.5413567:NaN):3 with points pointsize 1.5 linewidth 1.2 pointtype 6 linecolor rgb '#222222' notitle
unset label
unset arrow
unset object

set label 1 '' at screen 0.02024,0.03725 point pointtype 5 pointsize 1 linecolor rgb '#222222'
set label 2 'bare metal' at screen 0.03571,0.03725 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 3 '' at screen 0.34563,0.03725 point pointtype 2 pointsize 1 linecolor rgb '#9a9a9a'
set label 4 'bare metal again' at screen 0.36111,0.03725 left font 'DejaVu Sans,11' textcolor rgb '#222222'
set label 5 '' at screen 0.67103,0.03725 point pointtype 7 pointsize 1 linecolor rgb '#0072b2'
set label 6 'container (runc)' at screen 0.68651,0.03725 left font 'DejaVu Sans,11' textcolor rgb '#222222'
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
