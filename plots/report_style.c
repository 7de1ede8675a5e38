/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/report_style.h"

/* clang-format off */
#define DARK_COLOURS \
	"--paper:#15181c;--ink:#e8e8e6;--soft:#a9adb3;--line:#3a4048;--tint:#1e2329;--link:#7cc0f5;" \
	"--good:#5fd3a2;--bad:#ff9d66;--doubt:#e3c15b;" \
	"--c-ink:#e8e8e6;--c-blue:#5cb1ea;--c-red:#f5914b;--c-green:#33c79c;--c-purple:#e2a3c6;" \
	"--c-brown:#cba63c;--c-violet:#b39be8;--c-dark:#ec8278;--c-band:#8d939b;"

/* A figure's colours are attributes in the SVG; these rules change them on a dark page. */
#define TURN(from, to) \
	"svg [fill=\"" from "\"]{fill:var(" to ")}svg [stroke=\"" from "\"]{stroke:var(" to ")}" \
	"svg [color=\"" from "\"]{color:var(" to ")}"

const char report_style[] =
	":root{color-scheme:light;--paper:#fff;--ink:#1c1e21;--soft:#55595f;--line:#d5d8dc;--tint:#f4f5f7;"
	"--link:#0b5cad;--good:#0a6b4b;--bad:#a33c00;--doubt:#735600;"
	"--c-ink:#222;--c-blue:#0072b2;--c-red:#d55e00;--c-green:#009e73;--c-purple:#cc79a7;"
	"--c-brown:#7a5c00;--c-violet:#5d3a9b;--c-dark:#8c1c13;--c-band:#9a9a9a}"
	"@media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;" DARK_COLOURS "}}"
	":root[data-theme=dark]{color-scheme:dark;" DARK_COLOURS "}"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:78rem;background:var(--paper);color:var(--ink);"
	"overflow-wrap:break-word;font:1rem/1.55 system-ui,'Segoe UI',Roboto,'DejaVu Sans',Helvetica,Arial,sans-serif}"
	"h1{font-size:1.7rem;line-height:1.2;margin:.2em 0}h2{font-size:1.3rem;margin:2.6rem 0 .6rem;"
	"padding-top:.8rem;border-top:1px solid var(--line)}h3{font-size:1.05rem;margin:1.8rem 0 .4rem}"
	"p,li{max-width:46rem;overflow-wrap:anywhere}a{color:var(--link)}"
	".soft,.interval,caption,figcaption,footer{color:var(--soft)}.interval{display:block;font-size:.85em}"
	".answer{font-size:1.12rem}.question{font-style:italic}"
	".note{border-left:3px solid var(--doubt);padding:.2rem .8rem;background:var(--tint)}"
	"figure{margin:1.2rem 0}figcaption{font-size:.9rem;margin-top:.4rem;max-width:52rem}"
	".wide{overflow-x:auto;max-width:100%}.wide:focus-visible{outline:2px solid var(--link)}"
	"figure svg{display:block;width:100%;min-width:660px;height:auto}"
	"table{border-collapse:collapse;font-size:.86rem;min-width:100%;line-height:1.4}"
	"caption{text-align:left;padding:.3rem 0 .5rem;font-size:.9rem}"
	"th,td{text-align:left;vertical-align:top;padding:.35rem .45rem;border-bottom:1px solid var(--line)}"
	"thead th{border-bottom:2px solid var(--soft);vertical-align:bottom}"
	"tbody tr:hover{background:var(--tint)}"
	".number{text-align:right;font-variant-numeric:tabular-nums}td.number{white-space:nowrap}"
	"td.long{overflow-wrap:anywhere;min-width:14rem}.detail{display:block;color:var(--soft);font-size:.85em;font-weight:400;max-width:16rem}"
	".overhead{color:var(--bad);font-weight:600}.speedup,.negligible{color:var(--good);font-weight:600}"
	".unresolved,.unavailable{color:var(--doubt);font-weight:600}"
	"pre{background:var(--tint);padding:.7rem .9rem;overflow-x:auto;white-space:pre-wrap;"
	"overflow-wrap:anywhere;font-size:.85rem;border-radius:4px}"
	"summary{cursor:pointer;padding:.3rem 0;font-weight:600}"
	"button{font:inherit;color:inherit;background:none;border:1px solid var(--soft);border-radius:4px;"
	"padding:.2rem .6rem;cursor:pointer}header button{float:right;margin-left:1rem}"
	"th button{border:0;padding:0;font-weight:inherit;text-align:inherit}"
	"th[aria-sort=ascending] button::after{content:' \\2191'}th[aria-sort=descending] button::after{content:' \\2193'}"
	"svg>rect:first-of-type,svg>g>rect:first-child{fill:var(--paper)}"
	TURN("#222222", "--c-ink") TURN("#5f5f5f", "--soft") TURN("#d9d9d9", "--line") TURN("#d2d2d2", "--line")
	TURN("#9a9a9a", "--c-band") TURN("#0072b2", "--c-blue") TURN("#d55e00", "--c-red")
	TURN("#009e73", "--c-green") TURN("#cc79a7", "--c-purple") TURN("#7a5c00", "--c-brown")
	TURN("#5d3a9b", "--c-violet") TURN("#8c1c13", "--c-dark")
	"@page{size:A4;margin:16mm 14mm}"
	"@media print{:root,:root[data-theme],:root:not([data-theme=light]){color-scheme:light;--paper:#fff;--ink:#000;"
	"--soft:#444;--line:#bbb;--tint:#f4f4f4;--good:#0a6b4b;--bad:#a33c00;--doubt:#735600;--c-ink:#222;"
	"--c-blue:#0072b2;--c-red:#d55e00;--c-green:#009e73;--c-purple:#cc79a7;--c-brown:#7a5c00;"
	"--c-violet:#5d3a9b;--c-dark:#8c1c13;--c-band:#9a9a9a}"
	":root{font-size:9.5pt}body{max-width:none;padding:0}caption{break-inside:avoid}button{display:none!important}th button{display:inline!important}"
	"h2,h3,caption{break-after:avoid}figure,tr{break-inside:avoid}thead{display:table-header-group}"
	".wide{overflow:visible}figure svg{min-width:0;max-width:100%}table{font-size:7.6pt}"
	"td.long{min-width:0}th,td{padding:.2rem .3rem}td.number{white-space:normal}}";

const char report_script[] =
	"'use strict';(function(){"
	"var root=document.documentElement,theme=document.getElementById('theme');"
	"function dark(){var t=root.dataset.theme;"
	"return t?t==='dark':matchMedia('(prefers-color-scheme: dark)').matches}"
	"theme.hidden=false;"
	"theme.addEventListener('click',function(){root.dataset.theme=dark()?'light':'dark'});"
	"function key(row,column){var cell=row.cells[column];"
	"return cell.dataset.key===undefined?cell.textContent:+cell.dataset.key}"
	"function compare(a,b){"
	"if(typeof a==='number'&&typeof b==='number')return a-b;"
	"if(typeof a===typeof b)return a.localeCompare(b);return typeof a==='number'?-1:1}"
	"addEventListener('beforeprint',function(){"
	"document.querySelectorAll('details').forEach(function(part){part.open=true})});"
	"document.querySelectorAll('table.sortable').forEach(function(table){"
	"var heads=[].slice.call(table.tHead.rows[0].cells),body=table.tBodies[0];"
	"heads.forEach(function(head,column){"
	"var button=document.createElement('button');button.type='button';"
	"while(head.firstChild)button.appendChild(head.firstChild);head.appendChild(button);"
	"button.addEventListener('click',function(){"
	"var up=head.getAttribute('aria-sort')!=='ascending';"
	"heads.forEach(function(other){other.removeAttribute('aria-sort')});"
	"head.setAttribute('aria-sort',up?'ascending':'descending');"
	"[].slice.call(body.rows).sort(function(a,b){"
	"return (up?1:-1)*compare(key(a,column),key(b,column))"
	"}).forEach(function(row){body.appendChild(row)})})})})})();";
/* clang-format on */
