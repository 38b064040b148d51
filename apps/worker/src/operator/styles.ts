import { html } from "./html.ts";

/** The page's only stylesheet, sent inline and allowed by its hash. */
export const STYLES = html`
:root{color-scheme:light dark;--page:#f7f8fa;--panel:#fff;--line:#dfe3e8;--text:#1b2330;--soft:#566072;--accent:#1f5fd0;--on:#fff;--good:#1a7f4b;--bad:#c8472b;--warn:#8a5a00;--note:#fff8e8;--edge:#eccf8f;--bar:#4a8ff0}
@media (prefers-color-scheme:dark){:root{--page:#11151b;--panel:#191f28;--line:#303946;--text:#e7ebf1;--soft:#a1acbb;--accent:#8ab4ff;--on:#0d1a30;--good:#67d39a;--bad:#ff8a6b;--warn:#f2c56b;--note:#272113;--edge:#66552a;--bar:#6ea8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
.bar{background:var(--panel);border-bottom:1px solid var(--line)}
header,main,footer{max-width:72rem;margin:0 auto;padding:.75rem 1.5rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 2rem}
header a{color:var(--soft);text-decoration:none}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:600;color:var(--text)}
svg{width:1.5rem;flex:none}
nav{display:flex;flex-wrap:wrap;flex:1}
nav a{padding:.3rem .75rem;border-radius:.5rem;white-space:nowrap}
nav a:hover,nav a[aria-current]{color:var(--text);background:var(--page)}
.soft,dt,th,label,footer{color:var(--soft)}
small,label,th,footer{font-size:.875rem}
main{padding-top:2rem}
h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.015em;margin:0 0 1rem}
h2{font-size:1.15rem;margin:2.75rem 0 .75rem}
.panel h2{font-size:1rem;margin:0 0 .25rem}
p{margin:0 0 .75rem;max-width:46rem}
a{color:var(--accent);text-underline-offset:.3em;text-decoration-thickness:1px}
code{font:.875em ui-monospace,Menlo,Consolas,monospace}
time{white-space:nowrap}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem}
.panel,table{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;margin:0 0 1rem}
.panel{padding:1.25rem 1.5rem}
.panel>:last-child{margin-bottom:0}
.decision{background:var(--note)}
.decision,.decision table{border-color:var(--edge)}
.calm{display:flex;gap:.75rem;align-items:center;color:var(--good)}
table{width:100%;border-spacing:0}
th,td{text-align:left;padding:.65rem 1rem;border-bottom:1px solid var(--line)}
th{font-weight:600}
tr:last-child td{border-bottom:0}
.state::before{content:"";display:inline-block;width:.55rem;height:.55rem;border-radius:50%;background:var(--soft);margin-right:.5rem}
.good::before{background:var(--good)}
.bad::before{background:var(--bad)}
.warn::before{background:var(--warn)}
.stored::before{background:var(--bar)}
.chart{display:block;width:auto;fill:var(--bar)}
.chart .bad{fill:var(--bad)}
.axis{stroke:var(--line)}
form{display:inline}
.button,input,select{font:inherit;font-size:.9375rem;padding:.4rem .9rem;border-radius:.5rem;border:1px solid var(--line);background:var(--panel);color:var(--text);max-width:100%}
.button{cursor:pointer;display:inline-block;text-decoration:none}
.button:hover,input,select{border-color:var(--soft)}
.primary{background:var(--accent);color:var(--on);font-weight:600}
.row{display:flex;flex-wrap:wrap;gap:1rem;align-items:end;margin:1rem 0}
label{display:grid;gap:.25rem}
input,select{height:2.3rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.5rem 2rem;margin:0}
dd{margin:0}
@media (max-width:44rem){
header,main,footer{padding-left:1rem;padding-right:1rem}
nav{flex:1 1 100%;margin-left:-.75rem}
.panel{padding:1rem}
table,tbody,tr,td{display:block}
thead{position:absolute;left:-99rem}
tr{padding:.6rem 0;border-bottom:1px solid var(--line)}
td{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.75rem;padding:.25rem 1rem;border:0}
td::before{content:attr(data-label);color:var(--soft);font-size:.8125rem}}
`;
