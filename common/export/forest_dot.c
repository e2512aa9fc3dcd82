/* One tree as a graph for Graphviz: a box a node, the branch of what is true on the left. */
#include "export/inner.h"
#include "export/quote.h"

static void put_split(struct export *export, const struct node *node)
{
    struct buffer *text = &export->text;
    buffer_print(text, "    %u [label=\"", (unsigned)node->number);
    if (export->header->features)
        quote_dot(text, export->header->features[node->feature]);
    else
        buffer_print(text, "x[%u]", (unsigned)node->feature);
    buffer_string(text, " <= ");
    buffer_float(text, node->threshold);
    bool sided = export->nodes.tree.sided;
    buffer_print(text, "\"];\n    %u -> %u [label=\"yes%s\"];\n    %u -> %u [label=\"no%s\"];\n",
                 (unsigned)node->number, (unsigned)node->number + 1,
                 sided && node->missing_left ? " or missing" : "", (unsigned)node->number,
                 (unsigned)node->right, sided && !node->missing_left ? " or missing" : "");
}

static void put_count(void *context, uint32_t class_number, uint32_t count, bool first)
{
    struct export *export = context;
    buffer_string(&export->text, first ? "" : "\\n");
    quote_dot(&export->text, export->header->classes[class_number]);
    if (export->header->unit > 0)
        buffer_print(&export->text, " %.9g", count * export->header->unit);
    else
        buffer_print(&export->text, " %u", (unsigned)count);
}

static void put_leaf(struct export *export, const struct node *node)
{
    buffer_print(&export->text, "    %u [style=rounded, label=\"", (unsigned)node->number);
    nodes_counts(node, export->header->class_count, put_count, export);
    buffer_string(&export->text, "\"];\n");
}

bool dot_start(struct export *export, struct error *error)
{
    const struct stream_header *header = export->header;
    uint64_t *tree = &export->wish.tree;
    if (*tree == UINT64_MAX)
        *tree = header->first;
    (void)error;
    return true;
}

bool dot_tree(struct export *export, const struct stream_record *record, struct error *error)
{
    bool wanted;
    struct node node = {0};
    if (!export_tree(export, record, &wanted, error))
        return false;
    if (!wanted)
        return true;
    buffer_print(&export->text,
                 "digraph \"tree %llu\" {\n    node [shape=box, fontname=\"sans-serif\"];\n"
                 "    edge [fontname=\"sans-serif\"];\n",
                 (unsigned long long)export->wish.tree);
    while (nodes_next(&export->nodes, export->header->class_count, &node)) {
        if (node.leaf)
            put_leaf(export, &node);
        else
            put_split(export, &node);
        if (!export_send_some(export, error))
            return false;
    }
    buffer_string(&export->text, "}\n");
    return true;
}
