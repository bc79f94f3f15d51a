/*
 * Edit distance: see nearest.h.
 */
#include "base/nearest.h"

#include <string.h>

#define NAME_MAX_BYTES 64

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t
nearest_distance(const char *a, const char *b)
{
    /* Three rows of the table are enough: a swap looks two rows back. */
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t rows_count = strnlen(a, NAME_MAX_BYTES), length = strnlen(b, NAME_MAX_BYTES);
    for (size_t j = 0; j <= length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= rows_count; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[rows_count % 3][length];
}

void
nearest_begin(struct nearest *nearest, const char *wanted)
{
    *nearest = (struct nearest){.wanted = wanted, .limit = 2 + strlen(wanted) / 3};
}

void
nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t far = nearest_distance(nearest->wanted, candidate);
    if (far >= nearest->limit)
        return;
    nearest->found = candidate;
    nearest->limit = far;
}
