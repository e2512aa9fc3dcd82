/*
 * One column of text, tables that may scroll in themselves, two themes.
 *
 * Colours are pairs that stand on each other: --ink and --quiet on --paper and --sheet. Shades of
 * heat are laid over the paper by their share, --yes for what is right and what speaks for, --no
 * for what is wrong and what speaks against; at most 55% of them, so that --ink stays legible on
 * them.
 */
#include "page/style.h"

#include <stddef.h>

static const char themes[] =
    ":root{--paper:#fff;--sheet:#f6f6f4;--ink:#1c1d1f;--quiet:#595b60;--line:#d9d9d5;"
    "--yes:#3a9c74;--no:#d9714e;--bar:#5b7fb4;--link:#1d4f91}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#16181b;--sheet:#1f2226;--ink:#e8e8e6;"
    "--quiet:#a5a8ad;--line:#383c42;--yes:#2c8a66;--no:#b5532f;--bar:#6f93c9;--link:#9cc0f2}}\n";

static const char text[] =
    "*{box-sizing:border-box}\n"
    "html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;"
    "-webkit-text-size-adjust:100%}\n"
    "body{margin:0}\n"
    "main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}\n"
    "h2{font-size:1.2rem;margin:2.75rem 0 .5rem;padding-top:.75rem;"
    "border-top:1px solid var(--line)}\n"
    "h3{font-size:1rem;margin:1.25rem 0 .25rem}\n"
    "p{margin:.4rem 0 .8rem;max-width:44rem}\n"
    ".quiet,caption,figcaption,small{color:var(--quiet)}\n"
    "small,.small{font-size:.85rem}\n"
    "a{color:var(--link)}\n"
    "a:focus-visible,summary:focus-visible,[tabindex]:focus-visible,button:focus-visible{"
    "outline:2px solid var(--link);outline-offset:2px}\n"
    "nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:1rem 0;font-size:.9rem}\n"
    "summary{cursor:pointer}\n"
    ".text{overflow-wrap:anywhere;margin:.25rem 0}\n"
    "bdi,.name{overflow-wrap:anywhere}\n";

static const char tables[] =
    ".scroll{overflow-x:auto;max-width:100%}\n"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;font-size:.85rem;padding:0 0 .4rem}\n"
    "th,td{padding:.2rem .6rem .2rem 0;text-align:right;vertical-align:top}\n"
    "th{font-weight:600}\n"
    "thead>tr>*{border-bottom:1px solid var(--line)}\n"
    "thead th{color:var(--quiet);font-weight:500}\n"
    "tbody th,th.name,td.name,td.text{text-align:left}\n"
    "tbody tr+tr>*{border-top:1px solid var(--line)}\n"
    "tbody th.name{min-width:5.5rem;max-width:16rem}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;"
    "margin:1rem 0}\n"
    "dl>div{background:var(--sheet);border-radius:.5rem;padding:.6rem .8rem}\n"
    "dt{color:var(--quiet);font-size:.85rem}\n"
    "dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}\n"
    "dd small{display:block;font-size:.8rem}\n"
    ".whole{white-space:nowrap}\n";

static const char drawings[] =
    ".bar{display:inline-block;width:6rem;height:.7rem;border-radius:.2rem;background:var(--line);"
    "overflow:hidden;vertical-align:middle}\n"
    ".bar>i{display:block;height:100%;background:var(--bar)}\n"
    "svg{display:block;width:100%;max-width:30rem;height:auto}\n"
    "svg text{fill:var(--quiet);font:11px system-ui,sans-serif}\n"
    "svg .axis{stroke:var(--line);fill:none}\n"
    "svg .mark{fill:var(--bar)}\n"
    "svg .path{stroke:var(--bar);fill:none;stroke-width:2}\n"
    "svg .band{stroke:var(--bar);stroke-width:1.5;opacity:.6}\n"
    "svg .even{stroke:var(--quiet);stroke-dasharray:3 4}\n"
    ".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));"
    "gap:1rem 2rem}\n"
    "figure{margin:0}\n"
    "figcaption{font-size:.85rem;margin:0 0 .4rem}\n"
    ".y{background:color-mix(in srgb,var(--yes) calc(var(--s)*1%),transparent)}\n"
    ".n{background:color-mix(in srgb,var(--no) calc(var(--s)*1%),transparent)}\n"
    "mark{color:inherit;border-radius:.2rem;padding:0 .1em}\n"
    ".small>mark{display:inline-block;max-width:100%;margin:.1em 0}\n";

static const char matrix[] =
    ".matrix{border-collapse:separate;border-spacing:1px;table-layout:auto;font-size:.8rem}\n"
    ".matrix td{padding:.15rem .35rem;text-align:right;border:0!important;min-width:1.9rem;"
    "background-color:var(--sheet)}\n"
    ".matrix td.y{background-color:color-mix(in srgb,var(--yes) calc(var(--s)*1%),var(--sheet))}\n"
    ".matrix td.n{background-color:color-mix(in srgb,var(--no) calc(var(--s)*1%),var(--sheet))}\n"
    ".matrix thead td{background:none}\n"
    ".matrix th{border:0!important;padding:.15rem .4rem .15rem 0}\n"
    ".matrix thead th{vertical-align:bottom}\n"
    ".matrix thead th>span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:9rem;"
    "overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
    ".matrix tbody th{max-width:10rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
    ".matrix td:hover,.matrix td:focus{outline:2px solid var(--link);outline-offset:-1px}\n"
    ".fine{border-spacing:0;width:100%;table-layout:fixed;line-height:1;max-width:40rem}\n"
    ".fine td{padding:0;min-width:0;height:.55rem;font-size:0}\n"
    ".fine tbody th{width:7rem;font-size:.55rem;padding:0 .3rem 0 0;line-height:.55rem}\n"
    ".fine thead td{width:7rem;min-width:0}\n"
    ".fine thead th{padding:0;height:1px;font-size:0;border:0}\n"
    /* Without text on them, shades may be deep. */
    ".fine td.y{background-color:color-mix(in srgb,var(--yes) calc(var(--s)*1.7%),var(--sheet))}\n"
    ".fine td.n{background-color:color-mix(in srgb,var(--no) calc(var(--s)*1.7%),var(--sheet))}\n"
    "output{display:block;min-height:1.6em;font-size:.9rem;margin:.4rem 0}\n"
    "@media(max-width:40rem){.bar{width:3rem}.matrix{font-size:.72rem}.matrix td{min-width:1.4rem;"
    "padding:.15rem .2rem}.matrix tbody th{max-width:5.5rem}.fine thead td,.fine tbody "
    "th{width:4.5rem}"
    ".fine td{min-width:0;padding:0}}\n";

static const char print[] =
    "@media print{:root{--paper:#fff;--sheet:#f6f6f4;--ink:#000;--quiet:#444;--line:#bbb}"
    "html{font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "nav,output{display:none}main{max-width:none;padding:0}h2{break-after:avoid}"
    "tr,figure,article{break-inside:avoid}.scroll{overflow:visible}}\n";

const char *const style_sheet[] = {themes, text, tables, drawings, matrix, print, NULL};
