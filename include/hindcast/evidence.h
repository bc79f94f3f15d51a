/*
 * Evidence: the raw record behind a row (store/evidence/record.c). Called by the reading commands.
 */
#ifndef HINDCAST_EVIDENCE_H
#define HINDCAST_EVIDENCE_H

#include "base/arena.h"
#include "hindcast/record.h"
#include "hindcast/store.h"

/* The raw record, out of its segment or, where retention took that, out of evidence.kept. */
struct raw_record {
    struct sv topic;
    int32_t incarnation;
    struct record record;       /* views into the arena */
    struct sha256 value_sha256; /* computed from the bytes read */
    struct sha256 root;         /* as stored */
    bool value_matches;         /* kept: the value still has the SHA-256 it was kept with */
    bool root_matches;          /* segment: the root of all its records is the one stored;
                                   kept: the Merkle path leads from that SHA-256 to the root */
    bool kept;                  /* out of evidence.kept */
    bool found;
    bool retired; /* not found, and retention removed the segment that held it */
};
int store_read_record(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
                      struct raw_record *ret_record, struct err *err) MUST_CHECK;

#endif
