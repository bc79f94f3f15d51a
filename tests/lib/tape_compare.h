/*
 * Compares what the tape reads with what jansson reads. For the unit test and the fuzzer.
 */
#ifndef TESTS_TAPE_COMPARE_H
#define TESTS_TAPE_COMPARE_H

#include "base/sv.h"

/* NULL when both accept or refuse the text and read the same from it, else what differs. */
const char *tape_compare(struct sv text);

#endif
