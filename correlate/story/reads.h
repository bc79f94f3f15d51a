/*
 * What rules read: reads.def as a table. Rules take their windows from it, so that none looks
 * farther than it says. Constants; any thread.
 */
#ifndef CORRELATE_READS_H
#define CORRELATE_READS_H

#include <stdint.h>

#include "base/clock.h"

#define MINUTE_NS (60 * NS_PER_S)
#define WHOLE INT64_MAX

enum read_key { READ_RECORD, READ_INCIDENT, READ_SOURCE, READ_SHAPE, READ_SERIES, READ_SCOPE };

enum rule {
#define RULE(name, word, key, back, ahead, about) RULE_##name,
#include "correlate/story/reads.def"
    RULES
};

struct rule_reads {
    const char *word;
    enum read_key key;
    int64_t back_ns, ahead_ns;
};

static inline const struct rule_reads *
rule_reads(enum rule rule)
{
    static const struct rule_reads table[] = {
#define RULE(name, word, key, back, ahead, about) {word, READ_##key, back, ahead},
#include "correlate/story/reads.def"
    };
    return &table[rule];
}

static inline int64_t
reads_back(enum rule rule)
{
    return rule_reads(rule)->back_ns;
}

static inline int64_t
reads_ahead(enum rule rule)
{
    return rule_reads(rule)->ahead_ns;
}

#endif
