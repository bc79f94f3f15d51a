/*
 * Digests of the records behind observations. Rows hold none; they are computed from the bytes in
 * the segments, each of which is read once. Internal to store/.
 */
#ifndef STORE_CASEBOOK_DIGEST_H
#define STORE_CASEBOOK_DIGEST_H

#include "hindcast/casebook.h"

/*
 * Fill in `sha256` and `frame` of observations that are sorted by stream and offset. Where raw
 * records are not kept (ingest.evidence off, or retention took them) they stay zero.
 */
int casebook_digests(struct store *store, struct observation *observations, size_t count,
                     struct err *err) MUST_CHECK;
/* The same of few that lie anywhere: only the segments that hold them are read. */
int casebook_digests_of_few(struct store *store, struct observation *observations, size_t count,
                            struct err *err) MUST_CHECK;

#endif
