#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a report in headless Chromium and says what is wrong with it, one finding a line.

tests/browser_report.py REPORT.html

Once as it is, for what the browser itself complains about. Then as a copy with a probe, light and
dark, 1280 and 390 px wide: horizontal scroll of the page, figures that are empty, texts of a
figure that meet, text with a contrast under 4.5:1 (WCAG 2.1, 1.4.3), headings that skip a level,
tables and figures without a name.
"""
import json, os, re, subprocess, sys, tempfile

PROBE = r'''
<pre id="probe"></pre><script>
window.addEventListener('load', function () {
  var found = [], root = document.documentElement;
  root.dataset.theme = THEME;
  document.querySelectorAll('details').forEach(function (d) { d.open = true });
  function say(words) { if (found.length < 50) found.push(words) }
  function channel(v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4) }
  function light(c) { return 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]) }
  function parse(text) { var m = /rgba?\(([^)]*)\)/.exec(text); return m ? m[1].split(/[ ,\/]+/).map(Number) : null }
  function ground(e) {
    for (; e; e = e.parentElement) {
      var c = parse(getComputedStyle(e).backgroundColor);
      if (c && !(c.length > 3 && c[3] === 0)) return c;
    }
    return [255, 255, 255];
  }
  if (root.scrollWidth > innerWidth) say('the page scrolls sideways: ' + root.scrollWidth + ' > ' + innerWidth);
  var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), node, texts = 0;
  while ((node = walker.nextNode())) {
    var e = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|title|desc)$/.test(e.tagName) || e.id === 'probe') continue;
    var style = getComputedStyle(e), colour = parse(e.tagName === 'text' ? style.fill : style.color), back = ground(e);
    if (!colour) { say('no colour: ' + node.data.trim().slice(0, 40)); continue }
    var a = light(colour), b = light(back), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    texts++;
    if (ratio < 4.5) say('contrast ' + ratio.toFixed(2) + ': ' + node.data.trim().slice(0, 40));
  }
  if (texts < 100) say('only ' + texts + ' texts');
  var figures = document.querySelectorAll('figure'), drawn = 0;
  figures.forEach(function (figure) {
    var svg = figure.querySelector('svg'), boxes = [];
    if (!figure.querySelector('figcaption')) say(figure.id + ' has no caption');
    if (!svg) { say(figure.id + ' has no drawing'); return }
    drawn++;
    if (svg.getAttribute('role') !== 'img' || !svg.querySelector('title') || !svg.querySelector('desc')) say(figure.id + ' has no words for those who do not see it');
    if (svg.querySelectorAll('use').length < 1) say(figure.id + ' has no mark');
    svg.querySelectorAll('text').forEach(function (text) {
      var r = text.getBoundingClientRect();
      if (!text.textContent) return;
      boxes.forEach(function (o) {
        if (r.left < o.r.right - 1 && o.r.left < r.right - 1 && r.top < o.r.bottom - 3 && o.r.top < r.bottom - 3)
          say(figure.id + ': "' + text.textContent + '" meets "' + o.words + '"');
      });
      boxes.push({ r: r, words: text.textContent });
    });
  });
  var level = 0;
  document.querySelectorAll('h1,h2,h3,h4').forEach(function (h) {
    var now = +h.tagName[1];
    if (now > level + 1) say('heading level skipped: ' + h.textContent);
    level = now;
  });
  document.querySelectorAll('table').forEach(function (t) {
    if (!t.caption) say('a table has no caption');
    t.querySelectorAll('th').forEach(function (th) { if (!th.scope) say('no scope: ' + th.textContent) });
  });
  var ids = {};
  document.querySelectorAll('[id]').forEach(function (e) { if (ids[e.id]) say('twice the same id: ' + e.id); ids[e.id] = 1 });
  var table = document.querySelector('table.sortable'), button = table && table.querySelector('thead button');
  if (!button) say('no table can be sorted');
  else { button.click(); if (!table.querySelector('th[aria-sort=ascending]')) say('a click sorts nothing') }
  var answer = 'PROBE' + JSON.stringify({ found: found, figures: drawn, width: innerWidth }) + 'END';
  document.getElementById('probe').textContent = answer;
  if (parent !== window) parent.postMessage(answer, '*');
});
</script>
'''

def chromium(page, width, *more):
    with tempfile.TemporaryDirectory() as profile:
        command = ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
                   '--disable-background-networking', '--disable-component-update', '--disable-sync',
                   f'--user-data-dir={profile}', f'--window-size={width},900', *more, 'file://' + page]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)

def main():
    report = os.path.abspath(sys.argv[1])
    wrong = []
    seen = chromium(report, 1280, '--enable-logging=stderr', '--dump-dom')
    wrong += ['console: ' + line for line in seen.stderr.splitlines() if ':CONSOLE' in line]
    if '</html>' not in seen.stdout: wrong.append('the browser did not load it: ' + seen.stderr[-300:])
    text = open(report).read()
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', '', text)
    for theme in ('light', 'dark'):
        for width in (1280, 390):
            with tempfile.NamedTemporaryFile('w', suffix='.html') as copy:
                copy.write(text.replace('</body>', PROBE.replace('THEME', json.dumps(theme)) + '</body>'))
                copy.flush()
                # a window may be no narrower than 500 px; a frame may
                with tempfile.NamedTemporaryFile('w', suffix='.html') as frame:
                    frame.write(f'<!DOCTYPE html><pre id="probe"></pre><script>onmessage=function(e){{probe.textContent=e.data}}</script><iframe id="f" style="border:0" width="{width}" height="900" src="file://{copy.name}"></iframe>')
                    frame.flush()
                    page = copy.name if width > 500 else frame.name
                    dom = chromium(page, max(width, 500), '--dump-dom', '--virtual-time-budget=3000')
            wrong += judge(dom.stdout, theme, width, copy.name)
    for words in dict.fromkeys(wrong): print(words)
    return 1 if wrong else 0

def judge(dom, theme, width, name):
    match = re.search(r'PROBE(\{.*?\})END', dom, re.S)
    if not match: return [f'{theme} {width}: the probe did not answer']
    answer = json.loads(match.group(1).replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&'))
    wrong = [f'{theme} {width}: {words}' for words in answer['found']]
    if answer['width'] != width: wrong.append(f"{theme}: asked for {width} px, got {answer['width']}")
    return wrong

sys.exit(main())
