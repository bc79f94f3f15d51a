/*
 * How often a milestone is right, by the kind of evidence it rests on and by the length of the
 * story: the longer people work on something, the more moments there are to be mistaken for
 * another. The numbers are data (correlate/rules/confidence.tsv), measured by
 * tests/calibration/fit.py against timelines that people wrote. Read once a run; pure.
 */
#ifndef CORRELATE_CONFIDENCE_H
#define CORRELATE_CONFIDENCE_H

#include "base/err.h"
#include "correlate/story/rows.h"

enum story_length { STORY_SHORT, STORY_LONG, STORY_LENGTHS };

struct confidence {
    int64_t long_ns;                         /* a story that lasts longer is long */
    int per_mille[BASES + 1][STORY_LENGTHS]; /* the last: of evidence without a line of its own */
};

/* From the file that is built in; ERR_INTERNAL with the number of a line that is wrong. */
int confidence_read(struct confidence *ret_confidence, struct err *err) MUST_CHECK;
/* The same from a text. */
int confidence_parse(struct sv text, struct confidence *ret_confidence, struct err *err) MUST_CHECK;
/* Per cent. */
int confidence_of(const struct confidence *confidence, enum basis basis, bool long_story);

#endif
