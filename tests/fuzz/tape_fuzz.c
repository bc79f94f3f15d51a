/*
 * libFuzzer target: the tape against jansson. Run by tests/fuzz/run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/tape_compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *difference = tape_compare(sv_of((const char *)data, size));
    if (difference != NULL) {
        fprintf(stderr, "tape and tree differ: %s\n", difference);
        abort();
    }
    return 0;
}
