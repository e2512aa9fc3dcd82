/*
 * records: where one record of a text ends and the next begins, where '\n' alone does not tell.
 */
#ifndef BASE_RECORDS_H
#define BASE_RECORDS_H

#include <stddef.h>

/* Start each record from `{.at = where it begins}`. */
struct records_scan {
    size_t at;      /* where to go on */
    size_t lines;   /* '\n' passed in this record, that of its end too */
    unsigned state; /* the rule's own; 0: at the record's beginning */
};

/*
 * Behind the record, or 0 where it does not end in bytes[0 .. size-1]; then `scan` is where to go
 * on once there are more behind them. Who has them all may take it that the record ends there.
 */
struct records_rule;
typedef size_t records_behind(const struct records_rule *rule, const char *bytes, size_t size,
                              struct records_scan *scan);

struct records_rule {
    records_behind *behind;
    char separator; /* of fields */
    size_t size;    /* bytes of a record, or of a part of it */
};

#endif
