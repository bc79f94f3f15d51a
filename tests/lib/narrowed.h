/*
 * What telling one incident needs, cut out of a scope that was grouped whole: its nodes, and of
 * everything else no more than given.h and reads.def say. A part can be left out, so that a test
 * sees that something is told otherwise without it.
 */
#ifndef TESTS_LIB_NARROWED_H
#define TESTS_LIB_NARROWED_H

#include "correlate/given.h"
#include "correlate/grouped.h"

/* PART(NAME, word): what can be left out. */
#define NARROWED_PARTS(PART)                                                                       \
    PART(CHANGES, "changes of a day around")                                                       \
    PART(HOURS, "occupied hours")                                                                  \
    PART(LINES_BEFORE, "log lines of the sources in the hour before")                              \
    PART(LINES_AFTER, "log lines of the sources in the minutes after")                             \
    PART(SHAPES, "log lines of the shapes in the day before")                                      \
    PART(DECISIONS, "decisions")                                                                   \
    PART(CANDIDATE, "what opened a candidate")                                                     \
    PART(FAMILIAR, "which nodes are familiar")                                                     \
    PART(QUIET, "which alerts open nothing")                                                       \
    PART(REASONS, "why a node belongs to it")                                                      \
    PART(ALERTS_BEFORE, "alerts of the series in the 14 days before")                              \
    PART(PAST, "whether any alert lies a day before")                                              \
    PART(DELIVERIES, "deliveries that do not count")                                               \
    PART(ENDS, "where nodes end")

enum narrowed_part {
    NARROWED_NOTHING = -1,
#define PART(name, word) NARROWED_##name,
    NARROWED_PARTS(PART)
#undef PART
        NARROWED_COUNT
};
const char *narrowed_word(enum narrowed_part part);

/* Of the incident that the node `incident` names. Rows are copies of those of `input`. */
void
narrowed_make(struct arena *arena, const struct correlation_input *input, struct grouped *grouped,
              size_t incident, enum narrowed_part without, struct given *ret_given);

#endif
