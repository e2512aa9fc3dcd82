# Word vectors in the forms of other programs, written by hand, and what they are as GloVe's text.
#
#   vectors.py word2vec NEWLINE | phrases NEWLINE | npy TYPE | fasttext KIND | gensim
#   vectors.py python-fasttext MODEL WORDS
import struct
import sys

import numpy as np

WORDS = ['the', 'of', 'café', '日本', 'a', 'of', '<unk>', 'x.y', '</s>', 'keeper']
# Rests of 2 to 11 bytes behind the first blank, of 4 and 8 among them, which leave numbers in step.
PHRASES = ['new york', 'new', 'new you', 'new year', 'a b', 'york', 'São Paulo', 'a bc', 'in the year', 'a b c d',
           'la la la', 'of seventy', 'new jersey', 'New York City', 'ты это ты', 'c']
RNG = np.random.default_rng(3)


def text(words, x):
    with open('wanted.txt', 'w', encoding='utf-8') as out:
        for word, row in zip(words, x):
            out.write(' '.join([word] + [repr(float(v)) for v in row]) + '\n')


def word2vec(words, newline, dim):
    x = RNG.standard_normal((len(words), dim)).astype('<f4')
    text(words, x)
    with open('given', 'wb') as out:
        out.write(b'%d %d\n' % x.shape)
        for word, row in zip(words, x):
            out.write(word.encode() + b' ' + row.tobytes() + newline)


def npy(kind):
    x = (RNG.standard_normal((len(WORDS), 5)) * 100).astype(kind)
    np.save('given.npy', x)
    text(WORDS, x.astype('f4'))
    with open('words', 'w', encoding='utf-8') as out:
        out.write('\n'.join(WORDS) + '\n')


def fnv(text):
    h = 2166136261
    for byte in text:
        h = ((h ^ (byte if byte < 128 else byte + 0xffffff00)) * 16777619) & 0xffffffff
    return h


def grams(word, least, most):
    """The n-grams of the paper: characters of <word>, but for the marks alone."""
    marked = '<' + word + '>'
    for i in range(len(marked)):
        for n in range(least, most + 1):
            gram = marked[i:i + n]
            if len(gram) == n and not (n == 1 and i in (0, len(marked) - 1)):
                yield gram


# A model: what fastText 0.9.2 writes. `listed` are words that are asked for.
def fasttext(kind):
    words = list(dict.fromkeys(WORDS))
    labels = ['__label__a'] if kind == 'supervised' else []
    least, most, buckets, dim = (0, 0, 0, 6) if kind == 'supervised' else (1, 4, 50, 6)
    x = RNG.standard_normal((len(words) + buckets, dim)).astype('<f4')
    model = {'cbow': 1, 'skipgram': 2, 'supervised': 3, 'quantized': 3}[kind]
    with open('given.bin', 'wb') as out:
        out.write(struct.pack('<ii', 793712314, 12))
        out.write(struct.pack('<12id', dim, 5, 5, 1, 5, 1, 1, model, buckets, least, most, 100, 1e-4))
        out.write(struct.pack('<iiiqq', len(words) + len(labels), len(words), len(labels), 99, -1))
        for i, word in enumerate(words + labels):
            out.write(word.encode() + b'\0' + struct.pack('<qb', 9, i >= len(words)))
        out.write(struct.pack('<?qq', kind == 'quantized', *x.shape) + x.tobytes())
        out.write(struct.pack('<?qq', False, 1, dim) + bytes(4 * dim))

    def vector(word):
        rows = [x[words.index(word)]] if word in words else []
        if buckets and word != '</s>':
            rows += [x[len(words) + fnv(g.encode()) % buckets] for g in grams(word, least, most)]
        total = np.zeros(dim, 'f4')
        for row in rows:
            total += row
        return total * np.float32(1 / len(rows)) if rows else None

    text(words, [vector(word) for word in words])
    listed = ['keeper', 'keepers', 'naïve', '日本語', 'q', '</s>', '</s', 'two words', 'the']
    with open('listed', 'w', encoding='utf-8') as out:
        out.write('\n'.join(listed) + '\n')
    with open('wanted-listed.txt', 'w', encoding='utf-8') as out:
        for word in listed:
            if vector(word) is not None:
                out.write(' '.join([word] + [repr(float(v)) for v in vector(word)]) + '\n')


def gensim():
    from gensim.models import KeyedVectors
    vectors = KeyedVectors(20)
    words = list(dict.fromkeys(WORDS + PHRASES)) + ['w%d' % i for i in range(30000)]
    vectors.add_vectors(words, RNG.standard_normal((len(words), 20)).astype('f4'))
    vectors.save_word2vec_format('given', binary=True)
    vectors.save_word2vec_format('wanted.txt', binary=False)


def python_fasttext(path, words):
    import fasttext as module
    module.FastText.eprint = lambda *unused: None
    model = module.load_model(path)
    names = open(words, encoding='utf-8').read().split('\n')[:-1] if words else model.get_words()
    text(names, [model.get_word_vector(name) for name in names])


what = sys.argv[1]
if what == 'word2vec':
    word2vec(WORDS, b'\n' if sys.argv[2] == 'yes' else b'', 7)
elif what == 'phrases':
    word2vec(PHRASES, b'\n' if sys.argv[2] == 'yes' else b'', 50)
elif what == 'npy':
    npy(sys.argv[2])
elif what == 'fasttext':
    fasttext(sys.argv[2])
elif what == 'gensim':
    gensim()
else:
    python_fasttext(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
