#!/usr/bin/python3
"""gensim loads vectors: gensim_vectors.py VECTORS.txt.gz

KeyedVectors' loader for text without a header line, to float32. It can't open a zip, so it gets
the same deflate stream as gzip.
"""
import sys

from gensim.models import KeyedVectors

from timing import timed

vectors = timed(lambda: KeyedVectors.load_word2vec_format(
    sys.argv[1], binary=False, no_header=True, unicode_errors="ignore"))
print(f"check\t{len(vectors):,} x {vectors.vector_size}")
