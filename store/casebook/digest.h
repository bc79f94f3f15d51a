/*
 * SHA-256 of the records behind observations. Rows hold no digest; it is computed from the bytes in
 * the segments, each of which is read once. Internal to store/.
 */
#ifndef STORE_CASEBOOK_DIGEST_H
#define STORE_CASEBOOK_DIGEST_H

#include "hindcast/casebook.h"

/*
 * Fill in `sha256` of observations that are sorted by stream and offset. Where raw records are not
 * kept (ingest.evidence off, or retention took them) it stays zero.
 */
int casebook_digests(struct store *store, struct observation *observations, size_t count,
                     struct err *err) MUST_CHECK;

#endif
