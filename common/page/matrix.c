/*
 * The script only says what the table has: without it the cells' titles do.
 */
#include "page/matrix.h"

#include "page/html.h"
#include "score/ranked.h"

#include <math.h>
#include <stdlib.h>

enum { WITH_COUNTS = 20, MOST_SHADE = 55, LEAST_SHADE = 6 };

static const char script[] =
    "<script>\n"
    "(function(){\n"
    "var t=document.querySelector('.matrix'),o=document.getElementById('cell');\n"
    "var rows=[].map.call(t.tBodies[0].rows,function(r){return[].slice.call(r.cells,1)});\n"
    "function name(c){return c.textContent}\n"
    "var names=[].map.call(t.tBodies[0].rows,function(r){return name(r.cells[0])});\n"
    "var heads=[].slice.call(t.tHead.rows[0].cells,1);\n"
    "var labels=heads.filter(function(h){return!h.className});\n"
    "var at=rows[0][0];\n"
    "function say(c){var r=c.parentNode.sectionRowIndex,k=c.cellIndex-1,n=+(c.dataset.n||0),"
    "all=rows[r].reduce(function(s,x){return s+ +(x.dataset.n||0)},0);\n"
    "o.textContent=names[r]+(heads[k].className?' without an answer: ':labels[r]===heads[k]?"
    "', rightly: ':' taken for '+name(heads[k])+': ')+n+' of '+all+"
    "' ('+(all?100*n/all:0).toFixed(1)+'%)'}\n"
    "function go(c){at.tabIndex=-1;at=c;c.tabIndex=0;c.focus()}\n"
    "at.tabIndex=0;\n"
    "t.addEventListener('mouseover',function(e){if(e.target.tagName==='TD')say(e.target)});\n"
    "t.addEventListener('focusin',function(e){if(e.target.tagName==='TD'){at.tabIndex=-1;"
    "at=e.target;at.tabIndex=0;say(at)}});\n"
    "t.addEventListener('click',function(e){if(e.target.tagName==='TD')go(e.target)});\n"
    "t.addEventListener('keydown',function(e){var m={ArrowUp:[-1,0],ArrowDown:[1,0],"
    "ArrowLeft:[0,-1],ArrowRight:[0,1]}[e.key];\n"
    "if(!m||e.target.tagName!=='TD')return;\n"
    "var r=at.parentNode.sectionRowIndex+m[0],k=at.cellIndex-1+m[1];\n"
    "if(rows[r]&&rows[r][k]){e.preventDefault();go(rows[r][k])}});\n"
    "})();\n"
    "</script>\n";

static void put_heading(struct buffer *page, const struct metrics *metrics)
{
    buffer_string(page, "<thead><tr><td></td>");
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        buffer_print(page, "<th scope=\"col\"%s><span>",
                     metrics_is_no_class(metrics, i) ? " class=\"none\"" : "");
        html_name(page, metrics->classes[i].label);
        buffer_string(page, "</span></th>");
    }
    buffer_string(page, "</tr></thead>\n");
}

static void put_cell(struct buffer *page, const struct metrics *metrics,
                     const struct metrics_cell *cell)
{
    double share = sqrt((double)cell->count / (double)metrics->classes[cell->label].support);
    bool right = cell->label == cell->predicted;
    buffer_print(page, "<td class=\"%c\" data-n=\"%llu\" style=\"--s:%d\" title=\"",
                 right ? 'y' : 'n', (unsigned long long)cell->count,
                 LEAST_SHADE + (int)((MOST_SHADE - LEAST_SHADE) * share));
    html_name(page, metrics->classes[cell->label].label);
    if (metrics_is_no_class(metrics, cell->predicted)) {
        buffer_string(page, " without an answer");
    } else if (!right) {
        buffer_string(page, " taken for ");
        html_name(page, metrics->classes[cell->predicted].label);
    }
    buffer_print(page, ": %llu\">", (unsigned long long)cell->count);
    buffer_print(page, "%llu</td>", (unsigned long long)cell->count);
}

static void put_rows(struct buffer *page, const struct metrics *metrics)
{
    const struct metrics_cell *cell = metrics->cells, *end = cell + metrics->cell_count;
    for (uint32_t row = 0; row < metrics->class_count; row++) {
        if (metrics_is_no_class(metrics, row)) /* it has a column alone */
            continue;
        buffer_string(page, "<tr><th scope=\"row\" title=\"");
        html_name(page, metrics->classes[row].label);
        buffer_string(page, "\">");
        html_name(page, metrics->classes[row].label);
        buffer_string(page, "</th>");
        for (uint32_t column = 0; column < metrics->class_count; column++) {
            if (cell < end && cell->label == row && cell->predicted == column)
                put_cell(page, metrics, cell++);
            else
                buffer_string(page, "<td></td>");
        }
        buffer_string(page, "</tr>\n");
    }
}

void matrix_put(struct buffer *page, const struct metrics *metrics)
{
    bool fine = metrics->class_count > WITH_COUNTS;
    buffer_string(
        page,
        "<p class=\"quiet\">True labels down, predicted ones across, in the same "
        "order; the stronger the colour, the larger the share of the row. Point at a cell, or move "
        "there with Tab and the arrow keys.</p>\n");
    buffer_print(page,
                 "<div class=\"scroll\"><table class=\"matrix%s\" id=\"confusion\" "
                 "aria-label=\"Confusion matrix\">\n",
                 fine ? " fine" : "");
    put_heading(page, metrics);
    buffer_string(page, "<tbody>\n");
    put_rows(page, metrics);
    buffer_string(page,
                  "</tbody></table></div>\n<output id=\"cell\" for=\"confusion\"></output>\n");
    buffer_string(page, script);
}

/* ---- frequent confusions ---- */

static void put_confusion(struct buffer *page, const struct metrics *metrics,
                          const struct metrics_cell *cell)
{
    buffer_string(page, "<tr><th class=\"name\" scope=\"row\"><bdi>");
    html_name(page, metrics->classes[cell->label].label);
    buffer_string(page, "</bdi></th><td class=\"name\"><bdi>");
    html_name(page, metrics->classes[cell->predicted].label);
    buffer_string(page, "</bdi></td><td>");
    html_count(page, cell->count);
    buffer_print(page, "</td><td>%.1f%%</td></tr>\n",
                 100 * (double)cell->count / (double)metrics->classes[cell->label].support);
}

bool matrix_confusions(struct buffer *page, const struct metrics *metrics, size_t most)
{
    size_t count;
    struct metrics_cell *cells = ranked_confusions(metrics, &count);
    if (!cells)
        return false;
    if (count)
        buffer_string(page,
                      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                      "aria-label=\"Frequent confusions\"><table>\n<caption>The most frequent "
                      "confusions</caption>\n<thead><tr><th class=\"name\" scope=\"col\">true"
                      "</th><th class=\"name\" scope=\"col\">taken for</th><th scope=\"col\">"
                      "texts</th><th scope=\"col\">of the label</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count && i < most; i++)
        put_confusion(page, metrics, &cells[i]);
    buffer_string(page, count ? "</tbody></table></div>\n" : "<p>Nothing is confused.</p>\n");
    free(cells);
    return true;
}
