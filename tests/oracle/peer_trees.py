"""What tests read off scikit-learn's trees, whatever the version."""
import numpy as np


def node_counts(tree):
    """How much of each class is in each node, as whole numbers: a row a node.

    `tree.value` holds counts before scikit-learn 1.4 and shares from then on; both are in proportion
    to the counts, whose sum is the node's weight.
    """
    value = tree.value[:, 0, :]
    shares = value / value.sum(axis=1, keepdims=True)
    return np.rint(shares * tree.weighted_n_node_samples[:, None]).astype(int)
