/*
 * onnx: messages of onnx.proto, put into others.
 *
 * Internal to the folder.
 */
#ifndef EXPORT_ONNX_H
#define EXPORT_ONNX_H

#include "base/buffer.h"
#include "stream/stream.h"

#include <stdint.h>

/* Fields of AttributeProto, GraphProto and NodeProto. */
enum {
    ATTRIBUTE_NAME = 1,
    ATTRIBUTE_I = 3,
    ATTRIBUTE_S = 4,
    ATTRIBUTE_FLOATS = 7,
    ATTRIBUTE_INTS = 8,
    ATTRIBUTE_STRINGS = 9,
    ATTRIBUTE_TYPE = 20,
    GRAPH_NODE = 1,
    GRAPH_NAME = 2,
    GRAPH_INITIALIZER = 5,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    NODE_INPUT = 1,
    NODE_OUTPUT = 2,
    NODE_NAME = 3,
    NODE_OPERATOR = 4,
    NODE_ATTRIBUTE = 5,
    NODE_DOMAIN = 7
};

/* AttributeProto.AttributeType. */
enum { TYPE_INT = 2, TYPE_STRING = 3, TYPE_FLOATS = 6, TYPE_INTS = 7, TYPE_STRINGS = 8 };

/* TensorProto.DataType. */
enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7, ELEMENT_STRING = 8 };

/* Puts a message into another, and frees it. */
void onnx_message(struct buffer *to, unsigned field, struct buffer *message);

/*
 * The nodes that pool the trees' votes, the tensor `votes`, with what evidence says of the tensor
 * `x` (vote/opinion.h), into the tensors `probabilities` and `label`.
 */
void onnx_opinion(struct buffer *graph, const struct stream_header *header);

#endif
