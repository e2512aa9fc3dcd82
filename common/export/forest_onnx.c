/*
 * A forest as an ONNX model of one operator, TreeEnsembleClassifier of ai.onnx.ml, version 1: the
 * columns of all trees' nodes, and the weights that leaves give to classes. Where evidence has an
 * opinion of its own, others follow (onnx_opinion.c). Fields and their numbers are those of
 * onnx.proto; the operator is described in ONNX's Operators-ml.
 *
 * A leaf's weight for a class is its share by the number of trees, in float32, and a runtime adds
 * up in float32: probabilities come within some 1e-6 of rf-predict's, and a class can differ where
 * two are as probable but for that.
 *
 * A message is preceded by its length, and so all of it is put together before any is written.
 */
#include "export/inner.h"
#include "export/onnx.h"
#include "export/protobuf.h"

#include <stdlib.h>

/* The operator's attributes: each the bytes of its packed numbers, or of its strings. */
enum attribute {
    NODES_TREES,
    NODES_NUMBERS,
    NODES_FEATURES,
    NODES_VALUES,
    NODES_MODES,
    NODES_TRUE,
    NODES_FALSE,
    NODES_MISSING,
    CLASS_TREES,
    CLASS_NODES,
    CLASS_NUMBERS,
    CLASS_WEIGHTS,
    COLUMNS
};

/* Fields of ModelProto. */
enum {
    MODEL_IR_VERSION = 1,
    MODEL_PRODUCER = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_GRAPH = 7,
    MODEL_OPERATORS = 8
};

struct onnx {
    struct buffer columns[COLUMNS];
    uint64_t trees; /* of which each leaf's share is one part */
};

static const struct {
    const char *name;
    int type;
} attributes[COLUMNS] = {[NODES_TREES] = {"nodes_treeids", TYPE_INTS},
                         [NODES_NUMBERS] = {"nodes_nodeids", TYPE_INTS},
                         [NODES_FEATURES] = {"nodes_featureids", TYPE_INTS},
                         [NODES_VALUES] = {"nodes_values", TYPE_FLOATS},
                         [NODES_MODES] = {"nodes_modes", TYPE_STRINGS},
                         [NODES_TRUE] = {"nodes_truenodeids", TYPE_INTS},
                         [NODES_FALSE] = {"nodes_falsenodeids", TYPE_INTS},
                         [NODES_MISSING] = {"nodes_missing_value_tracks_true", TYPE_INTS},
                         [CLASS_TREES] = {"class_treeids", TYPE_INTS},
                         [CLASS_NODES] = {"class_nodeids", TYPE_INTS},
                         [CLASS_NUMBERS] = {"class_ids", TYPE_INTS},
                         [CLASS_WEIGHTS] = {"class_weights", TYPE_FLOATS}};

bool onnx_start(struct export *export, struct error *error)
{
    const struct stream_header *header = export->header;
    if (!export_whole(export, error))
        return false;
    if (header->class_count < 2)
        return error_set(error, STATUS_USAGE,
                         "--format onnx: a forest of one class: ONNX's classifiers have two");
    export->onnx = calloc(1, sizeof *export->onnx);
    if (!export->onnx)
        return error_memory(error, "exporting");
    export->onnx->trees = header->trees < export->wish.most ? header->trees : export->wish.most;
    return export->onnx->trees ||
           error_set(error, STATUS_USAGE, "--format onnx: --head 0: a model has a tree");
}

/* ---- trees ---- */

/* The training samples of a class in a leaf. */
static uint32_t leaf_count(const struct node *node, uint32_t class_number)
{
    if (node->counts)
        return node->counts[class_number];
    return class_number == node->leaf_class ? node->weight : 0;
}

static void put_share(struct export *export, const struct node *node, uint32_t class_number,
                      uint32_t count)
{
    struct buffer *columns = export->onnx->columns;
    double share = (double)count / (double)node->weight / (double)export->onnx->trees;
    protobuf_varint(&columns[CLASS_TREES], export->taken - 1);
    protobuf_varint(&columns[CLASS_NODES], node->number);
    protobuf_varint(&columns[CLASS_NUMBERS], class_number);
    protobuf_float(&columns[CLASS_WEIGHTS], (float)share);
}

/*
 * Of two classes, runtimes take the one number of each leaf for the second class's, and give the
 * first the rest; where leaves name both, ONNX Runtime labels every row by the second.
 */
static void put_shares(struct export *export, const struct node *node)
{
    uint32_t class_count = export->header->class_count;
    if (class_count == 2) {
        put_share(export, node, 0, leaf_count(node, 1));
        return;
    }
    if (!node->counts)
        put_share(export, node, node->leaf_class, node->weight);
    for (uint32_t c = 0; node->counts && c < class_count; c++)
        if (node->counts[c])
            put_share(export, node, c, node->counts[c]);
}

static void put_node(struct export *export, const struct node *node)
{
    static const struct text modes[] = {{"BRANCH_LEQ", 10}, {"LEAF", 4}};
    struct buffer *columns = export->onnx->columns;
    bool leaf = node->leaf;
    protobuf_varint(&columns[NODES_TREES], export->taken - 1);
    protobuf_varint(&columns[NODES_NUMBERS], node->number);
    protobuf_varint(&columns[NODES_FEATURES], leaf ? 0 : node->feature);
    protobuf_float(&columns[NODES_VALUES], leaf ? 0 : node->threshold);
    protobuf_text(&columns[NODES_MODES], ATTRIBUTE_STRINGS, modes[leaf]);
    protobuf_varint(&columns[NODES_TRUE], leaf ? 0 : node->number + 1);
    protobuf_varint(&columns[NODES_FALSE], leaf ? 0 : node->right);
    protobuf_varint(&columns[NODES_MISSING], !leaf && node->missing_left);
    if (leaf)
        put_shares(export, node);
}

bool onnx_tree(struct export *export, const struct stream_record *record, struct error *error)
{
    bool wanted;
    struct node node = {0};
    if (!export_tree(export, record, &wanted, error))
        return false;
    while (wanted && nodes_next(&export->nodes, export->header->class_count, &node))
        put_node(export, &node);
    return true;
}

/* ---- the model around them ---- */

void onnx_message(struct buffer *to, unsigned field, struct buffer *message)
{
    protobuf_bytes(to, field, message);
    buffer_free(message);
}

static void put_attribute(struct buffer *node, const char *name, int type, struct buffer *values)
{
    struct buffer attribute = {0};
    protobuf_text(&attribute, ATTRIBUTE_NAME, text_of(name));
    if (type == TYPE_STRINGS) /* these stand in it as they are, each a field */
        buffer_bytes(&attribute, values->bytes, values->size);
    else
        protobuf_bytes(&attribute,
                       type == TYPE_INTS     ? ATTRIBUTE_INTS
                       : type == TYPE_FLOATS ? ATTRIBUTE_FLOATS
                                             : ATTRIBUTE_S,
                       values);
    attribute.out_of_memory |= values->out_of_memory;
    protobuf_number(&attribute, ATTRIBUTE_TYPE, (uint64_t)type);
    onnx_message(node, NODE_ATTRIBUTE, &attribute);
    buffer_free(values);
}

static void put_labels(struct buffer *node, const struct stream_header *header)
{
    struct buffer labels = {0}, none = {0};
    for (uint32_t c = 0; c < header->class_count; c++)
        protobuf_text(&labels, ATTRIBUTE_STRINGS, header->classes[c]);
    put_attribute(node, "classlabels_strings", TYPE_STRINGS, &labels);
    buffer_string(&none, "NONE");
    put_attribute(node, "post_transform", TYPE_STRING, &none);
}

static void put_operator(struct buffer *graph, struct export *export)
{
    struct buffer node = {0};
    const bool alone = export->header->opinion.share == 0;
    protobuf_text(&node, NODE_INPUT, text_of("x"));
    protobuf_text(&node, NODE_OUTPUT, text_of(alone ? "label" : "voted"));
    protobuf_text(&node, NODE_OUTPUT, text_of(alone ? "probabilities" : "votes"));
    protobuf_text(&node, NODE_NAME, text_of("forest"));
    protobuf_text(&node, NODE_OPERATOR, text_of("TreeEnsembleClassifier"));
    for (int i = 0; i < COLUMNS; i++)
        put_attribute(&node, attributes[i].name, attributes[i].type, &export->onnx->columns[i]);
    put_labels(&node, export->header);
    protobuf_text(&node, NODE_DOMAIN, text_of("ai.onnx.ml"));
    onnx_message(graph, GRAPH_NODE, &node);
}

/* ValueInfoProto: a name, and a TypeProto of a tensor of rows, with `columns` of them unless 0. */
static void put_value(struct buffer *graph, unsigned field, const char *name, unsigned element,
                      uint32_t columns)
{
    enum {
        VALUE_NAME = 1,
        VALUE_TYPE = 2,
        TYPE_TENSOR = 1,
        TENSOR_ELEMENT = 1,
        TENSOR_SHAPE = 2,
        SHAPE_DIM = 1,
        DIM_VALUE = 1,
        DIM_PARAM = 2
    };
    struct buffer rows = {0}, width = {0}, shape = {0}, tensor = {0}, type = {0}, value = {0};
    protobuf_text(&rows, DIM_PARAM, text_of("rows"));
    onnx_message(&shape, SHAPE_DIM, &rows);
    protobuf_number(&width, DIM_VALUE, columns);
    if (columns)
        protobuf_bytes(&shape, SHAPE_DIM, &width);
    buffer_free(&width);
    protobuf_number(&tensor, TENSOR_ELEMENT, element);
    onnx_message(&tensor, TENSOR_SHAPE, &shape);
    onnx_message(&type, TYPE_TENSOR, &tensor);
    protobuf_text(&value, VALUE_NAME, text_of(name));
    onnx_message(&value, VALUE_TYPE, &type);
    onnx_message(graph, field, &value);
}

static void put_graph(struct buffer *model, struct export *export)
{
    struct buffer graph = {0};
    put_operator(&graph, export);
    if (export->header->opinion.share > 0)
        onnx_opinion(&graph, export->header);
    protobuf_text(&graph, GRAPH_NAME, text_of("glovepipe"));
    put_value(&graph, GRAPH_INPUT, "x", ELEMENT_FLOAT, export->header->dim);
    put_value(&graph, GRAPH_OUTPUT, "label", ELEMENT_STRING, 0);
    put_value(&graph, GRAPH_OUTPUT, "probabilities", ELEMENT_FLOAT, export->header->class_count);
    onnx_message(model, MODEL_GRAPH, &graph);
}

static void put_operator_set(struct buffer *model, const char *domain, unsigned version)
{
    enum { SET_DOMAIN = 1, SET_VERSION = 2 };
    struct buffer set = {0};
    protobuf_text(&set, SET_DOMAIN, text_of(domain));
    protobuf_number(&set, SET_VERSION, version);
    onnx_message(model, MODEL_OPERATORS, &set);
}

bool onnx_end(struct export *export, struct error *error)
{
    enum { IR_VERSION = 8, OPERATORS = 15, ML_OPERATORS = 1, MOST = INT32_MAX };
    struct buffer *model = &export->text;
    protobuf_number(model, MODEL_IR_VERSION, IR_VERSION);
    protobuf_text(model, MODEL_PRODUCER, text_of("glovepipe"));
    protobuf_text(model, MODEL_PRODUCER_VERSION, text_of(GLOVEPIPE_VERSION));
    put_graph(model, export);
    put_operator_set(model, "", OPERATORS);
    put_operator_set(model, "ai.onnx.ml", ML_OPERATORS);
    return model->size <= MOST ||
           error_set(error, STATUS_INPUT,
                     "--format onnx: the model would be longer than 2 GiB, which no reader takes");
}

void onnx_free(struct onnx *onnx)
{
    for (int i = 0; onnx && i < COLUMNS; i++)
        buffer_free(&onnx->columns[i]);
    free(onnx);
}
