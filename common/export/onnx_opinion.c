/*
 * What evidence says for itself, by operators of ONNX (version 15 of its own set): the views'
 * scores are gathered from the row, those that are missing become 0, and the exponentials of their
 * weighted sums are normalized by Softmax. All in single precision.
 */
#include "export/onnx.h"

#include "export/protobuf.h"

/* Fields of TensorProto. */
enum {
    TENSOR_DIMS = 1,
    TENSOR_TYPE = 2,
    TENSOR_FLOATS = 4,
    TENSOR_STRINGS = 6,
    TENSOR_INTS = 7,
    TENSOR_NAME = 8
};

/* ---- tensors ---- */

/* Of one dimension, unless `size` is 0: then a scalar. Frees the values. */
static void put_tensor(struct buffer *graph, const char *name, uint64_t type, uint64_t size,
                       unsigned field, struct buffer *values)
{
    struct buffer tensor = {0};
    if (size)
        protobuf_number(&tensor, TENSOR_DIMS, size);
    protobuf_number(&tensor, TENSOR_TYPE, type);
    if (field == TENSOR_STRINGS) /* these stand in it as they are, each a field */
        buffer_bytes(&tensor, values->bytes, values->size);
    else
        protobuf_bytes(&tensor, field, values);
    tensor.out_of_memory |= values->out_of_memory;
    protobuf_text(&tensor, TENSOR_NAME, text_of(name));
    onnx_message(graph, GRAPH_INITIALIZER, &tensor);
    buffer_free(values);
}

static void put_scalar(struct buffer *graph, const char *name, double value)
{
    struct buffer values = {0};
    protobuf_float(&values, (float)value);
    put_tensor(graph, name, ELEMENT_FLOAT, 0, TENSOR_FLOATS, &values);
}

static void put_tensors(struct buffer *graph, const struct stream_header *header)
{
    const struct stream_opinion *opinion = &header->opinion;
    const uint32_t classes = header->class_count, scores = opinion->views * classes;
    struct buffer columns = {0}, weights = {0}, shape = {0}, names = {0}, axes = {0};
    for (uint32_t i = 0; i < scores; i++) {
        protobuf_varint(&columns, opinion->columns[i]);
        protobuf_float(&weights, (float)opinion->weights[i / classes]);
    }
    put_tensor(graph, "columns", ELEMENT_INT64, scores, TENSOR_INTS, &columns);
    put_tensor(graph, "weights", ELEMENT_FLOAT, scores, TENSOR_FLOATS, &weights);
    protobuf_varint(&axes, 1);
    put_tensor(graph, "over_views", ELEMENT_INT64, 1, TENSOR_INTS, &axes);
    protobuf_varint(&shape, UINT64_MAX); /* -1: as many rows as there are */
    protobuf_varint(&shape, opinion->views);
    protobuf_varint(&shape, classes);
    put_tensor(graph, "shape", ELEMENT_INT64, 3, TENSOR_INTS, &shape);
    for (uint32_t c = 0; c < classes; c++)
        protobuf_text(&names, TENSOR_STRINGS, header->classes[c]);
    put_tensor(graph, "names", ELEMENT_STRING, classes, TENSOR_STRINGS, &names);
    put_scalar(graph, "zero", 0);
    put_scalar(graph, "sharpness", opinion->sharpness);
    put_scalar(graph, "share", opinion->share);
    put_scalar(graph, "rest", 1 - opinion->share);
}

/* ---- operators ---- */

static void put_number(struct buffer *node, const char *name, uint64_t value)
{
    struct buffer attribute = {0};
    protobuf_text(&attribute, ATTRIBUTE_NAME, text_of(name));
    protobuf_number(&attribute, ATTRIBUTE_I, value);
    protobuf_number(&attribute, ATTRIBUTE_TYPE, TYPE_INT);
    onnx_message(node, NODE_ATTRIBUTE, &attribute);
}

/* Attributes: along axis 1; and the one that it's along, or over, is gone then. */
enum { AXIS = 1, GONE = 2 };

/* An operator, what it takes, with spaces between, the tensor that it makes, and attributes. */
static const struct step {
    const char *operator, * inputs, *output;
    unsigned attributes;
} steps[] = {
    {"Gather", "x columns", "scores", AXIS},
    {"IsNaN", "scores", "missing", 0},
    {"Where", "missing zero scores", "known", 0},
    {"Mul", "known weights", "weighted", 0},
    {"Reshape", "weighted shape", "views", 0},
    {"ReduceSum", "views over_views", "sums", GONE},
    {"Mul", "sums sharpness", "sharpened", 0},
    {"Softmax", "sharpened", "evidence", AXIS},
    {"Mul", "evidence share", "evidence_part", 0},
    {"Mul", "votes rest", "votes_part", 0},
    {"Add", "evidence_part votes_part", "probabilities", 0},
    {"ArgMax", "probabilities", "most", AXIS | GONE},
    {"Gather", "names most", "label", 0},
};

static void put_step(struct buffer *graph, const struct step *step)
{
    struct buffer node = {0};
    struct text inputs = text_of(step->inputs);
    while (inputs.size)
        protobuf_text(&node, NODE_INPUT, text_cut(&inputs, ' '));
    protobuf_text(&node, NODE_OUTPUT, text_of(step->output));
    protobuf_text(&node, NODE_NAME, text_of(step->output));
    protobuf_text(&node, NODE_OPERATOR, text_of(step->operator));
    if (step->attributes & AXIS)
        put_number(&node, "axis", 1);
    if (step->attributes & GONE)
        put_number(&node, "keepdims", 0);
    onnx_message(graph, GRAPH_NODE, &node);
}

void onnx_opinion(struct buffer *graph, const struct stream_header *header)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        put_step(graph, &steps[i]);
    put_tensors(graph, header);
}
