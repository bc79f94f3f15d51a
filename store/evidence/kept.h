/*
 * evidence.kept: records that outlived their segment, each with the Merkle path that proves it was
 * part of it. Internal to store/: retention adds rows (retention/keep.c), readers fall back to them
 * (record.c).
 */
#ifndef STORE_EVIDENCE_KEPT_H
#define STORE_EVIDENCE_KEPT_H

#include "hindcast/evidence.h"
#include "store/evidence/segment_cache.h"
#include "store/pg/conn.h"

/* Name and value of each header out of the column `headers` in binary form; false: damaged. */
bool kept_headers(struct arena *arena, struct sv array, struct record *record) MUST_CHECK;

/* One row of evidence.kept in COPY form: record `at` of the segment, with its path. */
int kept_add(const struct segment_cache *cache, size_t at, struct strbuf *out,
             struct err *err) MUST_CHECK;
/* Out of evidence.kept; `found` is false when it is not there, and `retired` tells why. */
int kept_read(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
              struct raw_record *ret_record, struct err *err) MUST_CHECK;

#endif
