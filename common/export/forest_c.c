/*
 * A forest as C99 that needs nothing else: a table of nodes, tree after tree, each in preorder, and
 * a walk over it. Thresholds are written in hexadecimal, which is exact; votes are added as
 * rf-predict adds them (vote/vote.h): tree by tree in double, a class's count by the leaf's weight.
 * What evidence says for itself (vote/opinion.h) is pooled with these in the same way, by the same
 * exponential (base/numeric.h). So what is compiled gives the same bits.
 *
 * Tables compile in no time, where nested conditions of some 100,000 branches take minutes. Nodes
 * are written as they come; where trees begin, and the shares of mixed leaves, are kept until after
 * them.
 */
#include "export/inner.h"
#include "export/quote.h"

enum { A_LINE = 8 /* entries of a table */ };

/* ---- what comes first ---- */

static const char opening[] =
    "/*\n"
    " * A random forest, written by mp-cat of glovepipe " GLOVEPIPE_VERSION ".\n"
    " *\n"
    " *     int forest_predict(const float *x, double *proba);\n"
    " *\n"
    " * x has FOREST_DIM numbers; NaN is a missing one. The probability of each class is "
    "put\n"
    " * into proba, which has FOREST_CLASSES; what comes back is the number of the most probable "
    "one,\n"
    " * the first of equals: forest_classes has its name. Any number of threads may call it.\n"
    " *\n"
    " * Compile it as C99, with no option that makes sums other ones (-ffast-math, or\n"
    " * -ffp-contract=fast). With -DFOREST_MAIN it is a program that reads a row of numbers a "
    "line,\n"
    " * and prints the name of its class and the probabilities, separated by TABs.\n"
    " */\n"
    "#include <stdint.h>\n"
    "\n";

static void put_names(struct buffer *text, const char *what, const char *count,
                      const struct text *names, uint32_t name_count)
{
    buffer_print(text, "const char *const forest_%s[%s] = {\n", what, count);
    for (uint32_t i = 0; i < name_count; i++) {
        buffer_string(text, "    ");
        quote_c(text, names[i]);
        buffer_string(text, ",\n");
    }
    buffer_string(text, "};\n\n");
}

bool c_start(struct export *export, struct error *error)
{
    const struct stream_header *header = export->header;
    struct buffer *text = &export->text;
    if (!export_whole(export, error))
        return false;
    buffer_string(text, opening);
    buffer_print(text, "enum { FOREST_DIM = %u, FOREST_CLASSES = %u };\n\n", (unsigned)header->dim,
                 (unsigned)header->class_count);
    put_names(text, "classes", "FOREST_CLASSES", header->classes, header->class_count);
    if (header->features)
        put_names(text, "features", "FOREST_DIM", header->features, header->dim);
    buffer_string(
        text,
        "/* A split: x[feature / 2] <= threshold goes to the next node, else to `to`;\n"
        "   a NaN goes to the next one where feature is odd. A leaf of one class (feature -1):\n"
        "   `to` is the class. One of several (-2): `to` is where its shares begin: its weight,\n"
        "   how many they are, then class and count of each. */\n"
        "static const struct node {\n"
        "    float threshold;\n"
        "    int32_t feature;\n"
        "    uint32_t to;\n"
        "} nodes[] = {\n");
    return true;
}

/* ---- trees ---- */

static void put_mixed(struct export *export, const struct node *node)
{
    const uint32_t class_count = export->header->class_count;
    uint32_t kinds = 0;
    for (uint32_t c = 0; c < class_count; c++)
        kinds += node->counts[c] != 0;
    buffer_print(&export->shares, "    %u, %u,", (unsigned)node->weight, (unsigned)kinds);
    for (uint32_t c = 0; c < class_count; c++)
        if (node->counts[c])
            buffer_print(&export->shares, " %u, %u,", (unsigned)c, (unsigned)node->counts[c]);
    buffer_byte(&export->shares, '\n');
    export->share_count += 2 + 2 * (uint64_t)kinds;
}

static void put_node(struct export *export, const struct node *node, uint64_t first)
{
    struct buffer *text = &export->text;
    buffer_byte(text, '{');
    if (!node->leaf) {
        buffer_print(text, "%af, %u, %llu", (double)node->threshold,
                     2 * (unsigned)node->feature + node->missing_left,
                     (unsigned long long)(first + node->right));
    } else if (!node->counts) {
        buffer_print(text, "0, -1, %u", (unsigned)node->leaf_class);
    } else {
        buffer_print(text, "0, -2, %llu", (unsigned long long)export->share_count);
        put_mixed(export, node);
    }
    buffer_string(text, (node->number + 1) % A_LINE ? "}, " : "},\n");
}

bool c_tree(struct export *export, const struct stream_record *record, struct error *error)
{
    bool wanted;
    struct node node = {0};
    uint64_t first = export->node_count;
    if (!export_tree(export, record, &wanted, error))
        return false;
    if (!wanted)
        return true;
    buffer_print(&export->roots, "%s%llu,", (export->taken - 1) % A_LINE ? " " : "\n    ",
                 (unsigned long long)first);
    while (nodes_next(&export->nodes, export->header->class_count, &node)) {
        put_node(export, &node, first);
        if (!export_send_some(export, error))
            return false;
    }
    buffer_byte(&export->text, '\n');
    export->node_count += node.number;
    return export->node_count <= INT32_MAX && export->share_count <= INT32_MAX
               ? true
               : error_set(error, STATUS_INPUT, "the forest has too many nodes for a table of C");
}

/* ---- what comes last ---- */

/* Its exponential is numeric_exp of base/numeric.c, for what is not above 0. */
static const char opining[] =
    "/* e^x, for -700 < x <= 0: 2^k e^r, with |r| <= log(2) / 2. */\n"
    "static double exponential(double x)\n"
    "{\n"
    "    static const double divisors[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880,\n"
    "                                      3628800, 39916800, 479001600, 6227020800,\n"
    "                                      87178291200};\n"
    "    double turns = x * 0x1.71547652b82fep+0 + 0.5, sum = 1 / divisors[14], power = 1;\n"
    "    int k = (int)turns - (turns < (int)turns);\n"
    "    double r = (x - k * 0x1.62e42fefa38p-1) - k * 0x1.ef35793c7673p-45;\n"
    "    for (int term = 13; term >= 0; term--)\n"
    "        sum = 1 / divisors[term] + r * sum;\n"
    "    for (; k < 0; k++)\n"
    "        power /= 2;\n"
    "    return sum * power;\n"
    "}\n"
    "\n"
    "/* What evidence says for itself: normalized exponentials of the views' weighted scores. */\n"
    "static void cast_evidence(const float *x, double *said)\n"
    "{\n"
    "    double most = 0, sum = 0;\n"
    "    for (int c = 0; c < FOREST_CLASSES; c++) {\n"
    "        said[c] = 0;\n"
    "        for (int view = 0; view < EVIDENCE_VIEWS; view++) {\n"
    "            float score = x[evidence[view][c]];\n"
    "            said[c] += score == score ? evidence_weights[view] * score : 0;\n"
    "        }\n"
    "        said[c] = evidence_sharpness * said[c];\n"
    "        most = c == 0 || said[c] > most ? said[c] : most;\n"
    "    }\n"
    "    for (int c = 0; c < FOREST_CLASSES; c++) {\n"
    "        said[c] = said[c] - most > -700 ? exponential(said[c] - most) : 0;\n"
    "        sum += said[c];\n"
    "    }\n"
    "    for (int c = 0; c < FOREST_CLASSES; c++)\n"
    "        said[c] = said[c] / sum * evidence_votes;\n"
    "}\n"
    "\n";

/* As opinion_votes of vote/opinion.h has it. */
static double evidence_votes(const struct export *export)
{
    const double share = export->header->opinion.share;
    return (double)export->taken * share / (1 - share);
}

static void put_opinion(struct export *export)
{
    const struct stream_header *header = export->header;
    const struct stream_opinion *opinion = &header->opinion;
    struct buffer *text = &export->text;
    buffer_print(text,
                 "static const double evidence_votes = %a, evidence_sharpness = %a;\n"
                 "enum { EVIDENCE_VIEWS = %u };\n"
                 "static const double evidence_weights[EVIDENCE_VIEWS] = {",
                 (double)export->taken * opinion->share / (1 - opinion->share), opinion->sharpness,
                 (unsigned)opinion->views);
    for (uint32_t view = 0; view < opinion->views; view++)
        buffer_print(text, "%s%a", view ? ", " : "", opinion->weights[view]);
    buffer_string(text, "};\nstatic const int evidence[EVIDENCE_VIEWS][FOREST_CLASSES] = {\n");
    for (uint32_t view = 0; view < opinion->views; view++) {
        buffer_string(text, "    {");
        for (uint32_t c = 0; c < header->class_count; c++)
            buffer_print(text, "%s%u", c ? ", " : "",
                         (unsigned)opinion->columns[(size_t)view * header->class_count + c]);
        buffer_string(text, "},\n");
    }
    buffer_string(text, "};\n\n");
    buffer_string(text, opining);
}

static const char predicting[] = "int forest_predict(const float *x, double *proba)\n"
                                 "{\n"
                                 "    int best = 0;\n";

static const char clearing[] = "    for (int c = 0; c < FOREST_CLASSES; c++)\n"
                               "        proba[c] = 0;\n";

static const char casting[] = "    cast_evidence(x, proba);\n";

static const char walking[] =
    "    for (int tree = 0; tree < FOREST_TREES; tree++) {\n"
    "        uint32_t at = roots[tree];\n"
    "        while (nodes[at].feature >= 0) {\n"
    "            float value = x[nodes[at].feature / 2];\n"
    "            int left = nodes[at].feature % 2 ? !(value > nodes[at].threshold)\n"
    "                                             : value <= nodes[at].threshold;\n"
    "            at = left ? at + 1 : nodes[at].to;\n"
    "        }\n"
    "        if (nodes[at].feature == -1) {\n"
    "            proba[nodes[at].to] += 1.0;\n"
    "            continue;\n"
    "        }\n"
    "        const uint32_t *share = shares + nodes[at].to;\n"
    "        for (uint32_t i = 0; i < share[1]; i++)\n"
    "            proba[share[2 + 2 * i]] += (double)share[3 + 2 * i] / (double)share[0];\n"
    "    }\n"
    "    for (int c = 0; c < FOREST_CLASSES; c++) {\n"
    "        proba[c] /= forest_votes;\n"
    "        if (proba[c] > proba[best])\n"
    "            best = c;\n"
    "    }\n"
    "    return best;\n"
    "}\n"
    "\n"
    "#ifdef FOREST_MAIN\n"
    "#include <stdio.h>\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "    static float x[FOREST_DIM];\n"
    "    static double proba[FOREST_CLASSES];\n"
    "    int read = 0;\n"
    "    while (scanf(\" %f\", &x[read]) == 1) {\n"
    "        if (++read < FOREST_DIM)\n"
    "            continue;\n"
    "        read = 0;\n"
    "        printf(\"%s\", forest_classes[forest_predict(x, proba)]);\n"
    "        for (int c = 0; c < FOREST_CLASSES; c++)\n"
    "            printf(\"\\t%.9g\", (double)(float)proba[c]);\n"
    "        printf(\"\\n\");\n"
    "    }\n"
    "    return read != 0 || !feof(stdin);\n"
    "}\n"
    "#endif\n";

bool c_end(struct export *export, struct error *error)
{
    struct buffer *text = &export->text;
    buffer_string(text, "};\n\nstatic const uint32_t shares[] = {\n");
    if (!buffer_send(text, export->output, error) ||
        !buffer_send(&export->shares, export->output, error))
        return false;
    buffer_print(text, "%s};\n\nenum { FOREST_TREES = %llu };\nstatic const uint32_t roots[] = {",
                 export->share_count ? "" : "    0, 0,\n", (unsigned long long)export->taken);
    if (!buffer_send(text, export->output, error) ||
        !buffer_send(&export->roots, export->output, error))
        return false;
    buffer_string(text, "\n};\n\n");
    const bool opinion = export->header->opinion.share > 0;
    if (opinion)
        put_opinion(export);
    buffer_print(text, "static const double forest_votes = %a;\n\n",
                 (double)export->taken + evidence_votes(export));
    buffer_string(text, predicting);
    buffer_string(text, opinion ? casting : clearing);
    buffer_string(text, walking);
    return true;
}
