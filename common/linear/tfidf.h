/*
 * tfidf: how much each term of a document weighs.
 *
 * Those of scikit-learn's TfidfVectorizer(sublinear_tf=True): of n documents, d of which hold a
 * term, the one that holds it c times gives it
 *
 *     w = (1 + ln c) (1 + ln((1 + n) / (1 + d)))
 *
 * and all its terms are divided by the square root of the sum of their w^2 (Salton and Buckley,
 * Term-weighting approaches in automatic text retrieval, 1988). Computed in double, in the
 * order of the row, and rounded to float32 once: the same bits on every machine.
 */
#ifndef LINEAR_TFIDF_H
#define LINEAR_TFIDF_H

#include <stddef.h>
#include <stdint.h>

/* The factor of a term that `with` of `rows` documents hold. */
double tfidf_rarity(uint64_t rows, uint64_t with);

enum { TFIDF_KNOWN = 1024, TFIDF_COUNTS = 16 };

/* The factors of a corpus: most of its terms are in few documents, and share theirs. */
struct tfidf {
    uint64_t rows;
    double rarity[TFIDF_KNOWN];  /* of terms that so many documents hold */
    double factor[TFIDF_COUNTS]; /* 1 + ln c of so many; the first is not used */
};

void tfidf_of(struct tfidf *tfidf, uint64_t rows);

static inline double tfidf_rarity_of(const struct tfidf *tfidf, uint64_t with)
{
    return with < TFIDF_KNOWN ? tfidf->rarity[with] : tfidf_rarity(tfidf->rows, with);
}

/*
 * Turns the counts of one document's features (each at least 1) into weights; `rarity` has the
 * factor of each, and is used up. A document without any is left as it is.
 */
void tfidf_row(const struct tfidf *tfidf, double *rarity, float *value, size_t count);

#endif
