import { html } from "./html.ts";

/** The page's only stylesheet, sent inline and allowed by its hash. */
export const STYLES = html`
:root{color-scheme:light dark;--page:#f7f8fa;--panel:#fff;--line:#dfe3e8;--text:#1b2330;--soft:#566072;
--accent:#1f5fd0;--on-accent:#fff;--good:#1a7f4b;--bad:#b3361f;--warn:#8a5a00;--warn-panel:#fff8e8;--warn-line:#eccf8f;
--chart-good:#4a8ff0;--chart-bad:#e0623f}
@media (prefers-color-scheme:dark){:root{--page:#11151b;--panel:#191f28;--line:#303946;--text:#e7ebf1;--soft:#a1acbb;
--accent:#8ab4ff;--on-accent:#0d1a30;--good:#67d39a;--bad:#ff9a84;--warn:#f2c56b;--warn-panel:#272113;--warn-line:#66552a;
--chart-good:#6ea8ff;--chart-bad:#ff8a6b}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
.bar{background:var(--panel);border-bottom:1px solid var(--line)}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 2rem;padding-top:.75rem;padding-bottom:.75rem}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:650;color:inherit;text-decoration:none}
.brand svg{width:1.5rem;height:1.5rem;flex:none}
nav{display:flex;flex-wrap:wrap;gap:.25rem;flex:1}
nav a{padding:.3rem .75rem;border-radius:.5rem;color:var(--soft);text-decoration:none}
nav a:hover{color:var(--text);background:var(--page)}
nav a[aria-current]{color:var(--text);background:var(--page);font-weight:600}
.who{color:var(--soft);font-size:.875rem;text-align:right;line-height:1.35}
main{padding-top:2rem;padding-bottom:3rem}
footer{padding-bottom:2rem;color:var(--soft);font-size:.875rem}
h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.015em;margin:0 0 .4rem;font-weight:680}
h2{font-size:1.15rem;line-height:1.3;margin:2.75rem 0 .75rem;font-weight:650}
h3{font-size:1rem;margin:0 0 .25rem;font-weight:650}
p{margin:0 0 .75rem;max-width:46rem}
a{color:var(--accent);text-underline-offset:.18em}
code{font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.soft{color:var(--soft)}small{font-size:.875rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.3rem}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem 1.5rem;margin:0 0 1rem}
.panel>:last-child{margin-bottom:0}
.decision{background:var(--warn-panel);border-color:var(--warn-line)}
.calm{display:flex;gap:.75rem;align-items:center}.calm svg{width:1.5rem;height:1.5rem;color:var(--good);flex:none}.calm p{margin:0}
.notice{border-left:4px solid var(--good)}
table{width:100%;border-collapse:collapse;background:var(--panel);border:1px solid var(--line);border-radius:.75rem;border-spacing:0;border-collapse:separate;margin:0 0 1rem}
th,td{text-align:left;padding:.65rem 1rem;vertical-align:middle;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
th{font-size:.8125rem;font-weight:600;color:var(--soft);white-space:nowrap}
td:last-child:has(.button){text-align:right}
.decision table{background:var(--panel);border-color:var(--warn-line)}
.state{display:inline-flex;align-items:center;gap:.45rem;white-space:nowrap}
.state::before{content:"";width:.55rem;height:.55rem;border-radius:50%;background:var(--soft)}
.good::before{background:var(--good)}.bad::before{background:var(--bad)}.warn::before{background:var(--warn)}
.chart{display:block;max-width:100%}.axis{stroke:var(--line)}.chart .stored{fill:var(--chart-good)}.chart .failed{fill:var(--chart-bad)}
.legend{display:inline-flex;gap:.4rem;align-items:center;margin-right:1rem}.legend::before{content:"";width:.6rem;height:.6rem;border-radius:2px;background:var(--chart-good)}
.legend.failed::before{background:var(--chart-bad)}
form{display:inline}
.button{display:inline-block;font:inherit;font-size:.9375rem;line-height:1.4;padding:.4rem .9rem;border-radius:.5rem;border:1px solid var(--line);background:var(--panel);color:var(--text);cursor:pointer;text-decoration:none;white-space:nowrap}
.button:hover{border-color:var(--soft)}
.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-top:1rem}
.filters{display:flex;flex-wrap:wrap;gap:1rem;align-items:end;margin:1rem 0}
.filters label{display:grid;gap:.25rem;font-size:.875rem;color:var(--soft)}
input,select{font:inherit;font-size:.9375rem;padding:.4rem .6rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--panel);color:var(--text);max-width:100%}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 2rem;margin:0}
dt{color:var(--soft)}dd{margin:0}
.checks{list-style:none;padding:0;margin:1rem 0}.checks .panel{margin-bottom:.75rem}.checks p{margin:.15rem 0 0}
@media (max-width:44rem){
header,main,footer{padding-left:1rem;padding-right:1rem}.who{text-align:left}.panel{padding:1rem}
table,thead,tbody,tr,td{display:block}thead{position:absolute;left:-99rem}
tr{padding:.6rem 0;border-bottom:1px solid var(--line)}tbody tr:last-child{border-bottom:0}
td{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.75rem;padding:.25rem 1rem;border:0}
td::before{content:attr(data-label);color:var(--soft);font-size:.8125rem;padding-top:.15rem}
td:last-child:has(.button){text-align:left}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}.button{white-space:normal}}
`;
