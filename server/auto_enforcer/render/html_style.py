"""How the HTML report looks and what its script does: ASCII, and nothing that is fetched."""

STYLE = """
:root{color-scheme:light dark;--paper:#fcfbf9;--card:#fff;--ink:#1c1d20;--soft:#585e68;--line:#e4e1db;
--code:#f5f3ef;--blocked:#b3261e;--warning:#855300;--old:#596270;--good:#1f6b3a;--fill-blocked:#d2473d;
--fill-warning:#e3a72f;--fill-old:#a9b1bd;--mark:#ffe2a8;--link:#1f4f99;--focus:#1f4f99}
@media (prefers-color-scheme:dark){:root{--paper:#141518;--card:#1b1d21;--ink:#e9e7e3;--soft:#a3a9b4;
--line:#2f3238;--code:#22252a;--blocked:#ff938a;--warning:#eebb5c;--old:#aab3c0;--good:#7ed39b;
--fill-blocked:#dd5a50;--fill-warning:#cf9426;--fill-old:#5d6673;--mark:#5f4a14;--link:#9cc0ff;
--focus:#9cc0ff}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.5rem}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.02em;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;letter-spacing:-.01em;margin:0 0 .75rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem}
p{margin:.5rem 0}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
code,pre,.at{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
font-size:.875em}
code{background:var(--code);padding:.05em .3em;border-radius:3px;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:4px;padding:.5rem .75rem;margin:.35rem 0 0;overflow-x:auto;
line-height:1.5;tab-size:4}
pre code{background:none;padding:0;font-size:1em;overflow-wrap:normal}
mark{background:var(--mark);color:inherit;border-radius:2px;box-shadow:0 0 0 1px var(--mark)}
.soft{color:var(--soft)}
.about{color:var(--soft);margin:0 0 1.5rem}
.outcome{border-left:5px solid var(--good);background:var(--card);padding:.9rem 1.25rem;margin:0 0 1.25rem;
border-radius:0 6px 6px 0;box-shadow:0 1px 2px rgb(0 0 0/.06)}
.outcome strong{display:block;font-size:1.15rem;color:var(--good)}
.outcome p{margin:.15rem 0 0}
.outcome.bad{border-color:var(--fill-blocked)}
.outcome.bad strong{color:var(--blocked)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:0 0 1.5rem}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.25rem 1.5rem;
margin:0 0 1.25rem}
section.bare{background:none;border:0;padding:0}
.alert{border-color:var(--fill-blocked)}
.alert h2{color:var(--blocked)}
.alert li{margin:.25rem 0;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem}
.tiles dt{color:var(--soft);font-size:.875rem;line-height:1.3}
.tiles dd{margin:.15rem 0 0;font-size:1.75rem;line-height:1.15;font-weight:650;letter-spacing:-.02em;
font-variant-numeric:tabular-nums}
.tiles small{display:block;font-size:.8125rem;font-weight:400;letter-spacing:0;color:var(--soft);
margin-top:.2rem}
.pair{display:grid;grid-template-columns:minmax(0,1.35fr) minmax(0,1fr);gap:0 1.25rem}
@media (max-width:56rem){.pair{grid-template-columns:minmax(0,1fr)}}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding-bottom:.4rem}
th,td{padding:.36rem .75rem .36rem 0;text-align:left;vertical-align:baseline;
border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:.8125rem;font-weight:600;color:var(--soft);white-space:nowrap}
tbody th{font-weight:500;min-width:5.5rem;overflow-wrap:anywhere}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.n.zero{color:var(--soft)}
th a,.by{text-decoration-color:var(--fill-old)}
td.bar{width:30%;min-width:7rem;vertical-align:middle}
svg{display:block;width:100%;height:auto}
td.bar svg{height:.75rem}
@media (max-width:44rem){td.bar{display:none}table{font-size:.875rem}th,td{padding-right:.5rem}
header,main,footer{padding-left:1rem;padding-right:1rem}
section{padding:1rem}section.bare{padding:0}}
svg.whole{height:1.1rem;border-radius:3px}
.b{fill:var(--fill-blocked)}.w{fill:var(--fill-warning)}.o{fill:var(--fill-old)}.g{fill:var(--line)}
.lb{stroke:var(--fill-blocked)}.lw{stroke:var(--fill-warning)}.lo{stroke:var(--fill-old)}
.lb,.lw,.lo{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}
.lo{stroke-dasharray:5 4}
.grid{stroke:var(--line);stroke-width:1}
svg text{fill:var(--soft);font-size:11px;font-family:inherit}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;padding:0;margin:.7rem 0 0;
font-size:.875rem}
.legend svg{display:inline-block;width:.75rem;height:.75rem;margin-right:.4rem;vertical-align:-.06rem}
.legend b{font-variant-numeric:tabular-nums}
.sev,.tag{display:inline-block;font-size:.8125rem;font-weight:600;white-space:nowrap}
.sev.blocked{color:var(--blocked)}
.sev.warning{color:var(--warning)}
.tag{color:var(--old);font-weight:500}
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1.5rem;align-items:end;margin:0 0 1rem;padding:0 0 1rem;
border-bottom:1px solid var(--line)}
.filters[hidden]{display:none}
.filters fieldset{border:0;padding:0;margin:0;display:flex;gap:.9rem;min-height:2.25rem;align-items:center}
.filters legend{float:left;padding:0}
.filters legend,.filters .of{color:var(--soft);font-size:.875rem}
.filters label.of{display:flex;flex-direction:column;gap:.15rem}
.filters label.grow{flex:1 1 14rem}
.filters input[type=search],.filters select{font:inherit;font-size:.9375rem;color:var(--ink);
background:var(--paper);
border:1px solid var(--soft);border-radius:5px;padding:.3rem .55rem;width:100%;min-height:2.25rem}
.filters button{font:inherit;font-size:.9375rem;color:var(--ink);background:var(--card);
border:1px solid var(--soft);
border-radius:5px;padding:.3rem .9rem;min-height:2.25rem;cursor:pointer}
.filters output{flex:1 1 100%;color:var(--soft);font-size:.875rem}
.file{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 9rem}
.file:first-of-type{border-top:0}
.file>summary{padding:.6rem 0;cursor:pointer;overflow-wrap:anywhere}
.file>summary b{font-weight:600}
.file ol{list-style:none;margin:0 0 .9rem;padding:0 0 0 1.1rem}
.file li{padding:.45rem 0}
.file li p{margin:0;overflow-wrap:anywhere}
.meta{font-size:.9375rem}
.meta .sev,.meta .by{margin-right:.5rem}
.at{color:var(--soft);display:inline-block;min-width:5rem;font-variant-numeric:tabular-nums}
.by{white-space:nowrap}
details.page{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 2.75rem}
details.page>summary,details.why>summary{cursor:pointer;padding:.55rem 0}
details.page>div{scroll-margin-top:3rem;padding:0 0 1rem 1.1rem;max-width:52rem}
details.page table{width:auto}
.none{color:var(--soft)}
footer{color:var(--soft);font-size:.875rem;padding-bottom:3rem}
@media print{body{background:#fff}.filters,nav{display:none}.file,details.page{content-visibility:visible}}
"""

SCRIPT = """
(function () {
  "use strict";
  var form = document.getElementById("filters");
  if (form) {
    var files = Array.prototype.map.call(document.querySelectorAll(".file"), function (file) {
      var path = file.querySelector("summary").textContent.toLowerCase();
      var rows = Array.prototype.map.call(file.querySelectorAll("li"), function (row) {
        return {
          element: row,
          family: row.getAttribute("data-family"),
          severity: row.getAttribute("data-severity"),
          scope: row.getAttribute("data-scope"),
          words: path + " " + row.textContent.toLowerCase(),
        };
      });
      return { element: file, rows: rows };
    });
    var told = form.querySelector("output");
    var waiting = 0;
    var apply = function () {
      waiting = 0;
      var words = form.elements.words.value.toLowerCase().split(" ").filter(Boolean);
      var family = form.elements.family.value;
      var shown = 0, all = 0;
      files.forEach(function (file) {
        var here = 0;
        file.rows.forEach(function (row) {
          var fits =
            form.elements[row.severity].checked &&
            form.elements[row.scope].checked &&
            (!family || family === row.family) &&
            words.every(function (word) { return row.words.indexOf(word) >= 0; });
          row.element.hidden = !fits;
          here += fits ? 1 : 0;
        });
        file.element.hidden = !here;
        shown += here;
        all += file.rows.length;
      });
      told.textContent = "Showing " + (shown === all ? "all " : shown + " of ") + all + " that are listed";
    };
    var soon = function () { if (!waiting) { waiting = setTimeout(apply, 60); } };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("reset", function () { setTimeout(apply, 0); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    document.addEventListener("click", function (event) {
      var link = event.target.closest ? event.target.closest("a[data-family],a[data-words]") : null;
      if (link) {
        form.reset();
        form.elements.family.value = link.getAttribute("data-family") || "";
        form.elements.words.value = link.getAttribute("data-words") || "";
        setTimeout(apply, 0);
      }
    });
    form.hidden = false;
    apply();
  }
  var open = function () {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var page = target && target.closest("details");
    if (page && !page.open) { page.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  if (location.hash) { open(); }
})();
"""
