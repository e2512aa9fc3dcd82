/*
 * A forest as JSON lines: an object that tells its shape, then one a tree, whose nodes are numbered
 * in preorder:
 *
 *     {"kind": "forest", "trees": 2, "dim": 2, "samples": 9, "features": ["a", "b"], "classes":
 * [...]}
 *     {"tree": 0, "nodes": [{"feature": 1, "threshold": 0.5, "left": 1, "right": 2,
 *                            "missing": "left"},
 *                           {"counts": {"acq": 3}}, ...]}
 */
#include "export/inner.h"
#include "export/quote.h"

static void put_list(struct buffer *text, const char *key, const struct text *names, uint32_t count)
{
    buffer_print(text, ", \"%s\": [", key);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buffer_string(text, ", ");
        buffer_json(text, names[i]);
    }
    buffer_byte(text, ']');
}

/* The columns of each view, by class. */
static void put_opinion(struct buffer *text, const struct stream_header *header)
{
    const struct stream_opinion *opinion = &header->opinion;
    const uint32_t classes = header->class_count;
    buffer_print(text, ", \"opinion\": {\"share\": %.17g, \"sharpness\": %.17g, \"weights\": [",
                 opinion->share, opinion->sharpness);
    for (uint32_t view = 0; view < opinion->views; view++)
        buffer_print(text, "%s%.17g", view ? ", " : "", opinion->weights[view]);
    buffer_string(text, "], \"columns\": [");
    for (uint32_t i = 0; i < opinion->views * classes; i++)
        buffer_print(text, "%s%u%s",
                     i % classes ? ", "
                     : i         ? ", ["
                                 : "[",
                     (unsigned)opinion->columns[i], (i + 1) % classes ? "" : "]");
    buffer_string(text, "]}");
}

bool json_forest_start(struct export *export, struct error *error)
{
    const struct stream_header *header = export->header;
    struct buffer *text = &export->text;
    (void)error;
    buffer_print(text, "{\"kind\": \"forest\", \"trees\": %llu, \"dim\": %u, \"samples\": %llu",
                 (unsigned long long)header->trees, (unsigned)header->dim,
                 (unsigned long long)header->samples);
    if (header->unit > 0)
        buffer_print(text, ", \"unit\": %.17g", header->unit);
    if (header->whole)
        buffer_print(text, ", \"first\": %llu, \"whole\": %llu", (unsigned long long)header->first,
                     (unsigned long long)header->whole);
    if (header->features)
        put_list(text, "features", header->features, header->dim);
    put_list(text, "classes", header->classes, header->class_count);
    if (header->opinion.share > 0)
        put_opinion(text, header);
    buffer_string(text, "}\n");
    return true;
}

static void put_count(void *context, uint32_t class_number, uint32_t count, bool first)
{
    struct export *export = context;
    buffer_string(&export->text, first ? "" : ", ");
    buffer_json(&export->text, export->header->classes[class_number]);
    buffer_print(&export->text, ": %u", (unsigned)count);
}

static void put_leaf(struct export *export, const struct node *node)
{
    buffer_string(&export->text, "{\"counts\": {");
    nodes_counts(node, export->header->class_count, put_count, export);
    buffer_string(&export->text, "}}");
}

static void put_split(struct buffer *text, const struct node *node)
{
    buffer_print(text, "{\"feature\": %u, \"threshold\": ", (unsigned)node->feature);
    quote_json_float(text, node->threshold);
    buffer_print(text, ", \"left\": %u, \"right\": %u, \"missing\": \"%s\"}",
                 (unsigned)node->number + 1, (unsigned)node->right,
                 node->missing_left ? "left" : "right");
}

bool json_tree(struct export *export, const struct stream_record *record, struct error *error)
{
    bool wanted;
    struct node node = {0};
    if (!export_tree(export, record, &wanted, error))
        return false;
    if (!wanted)
        return true;
    buffer_print(&export->text, "{\"tree\": %llu, \"nodes\": [",
                 (unsigned long long)(export->header->first + record->index));
    while (nodes_next(&export->nodes, export->header->class_count, &node)) {
        buffer_string(&export->text, node.number ? ", " : "");
        if (node.leaf)
            put_leaf(export, &node);
        else
            put_split(&export->text, &node);
        if (!export_send_some(export, error))
            return false;
    }
    buffer_string(&export->text, "]}\n");
    return true;
}
