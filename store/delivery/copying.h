/*
 * Writing the rows that a batch holds: log lines, events, quarantine, counts, segments. Internal to
 * store/: commit.c calls it for what ingest reads, redecode.c for what is read again; on the thread
 * that has the connection. What can fail: DB_* of errors.def.
 */
#ifndef STORE_DELIVERY_COPYING_H
#define STORE_DELIVERY_COPYING_H

#include "store/delivery/part.h"
#include "store/pg/conn.h"

/* Partitions for its rows. Before BEGIN: making one locks its parent until the transaction ends. */
int copying_prepare(struct store *store, const struct batch *batch, struct err *err) MUST_CHECK;
/* The COPY of every table, in the caller's transaction. */
int copying_rows(struct store *store, const struct batch *batch, struct err *err) MUST_CHECK;
/* A row of evidence.batch in COPY form, with the number `seq` of the batch in its stream. */
void copying_put_batch(struct strbuf *out, const struct batch *batch, const struct part *part,
                       int64_t seq, const char *kind);
/*
 * decoding.c: OVERTAKEN where other decoding options count than those the batch was decoded with.
 * In the caller's transaction: until it ends nobody applies others.
 */
int decoding_check(struct store *store, const struct batch *batch, struct err *err) MUST_CHECK;
/* The same of those that store_set_decoding() told of. */
int decoding_check_store(struct store *store, struct err *err) MUST_CHECK;
/* True if a buffer of the batch reached its limit: then the batch must not be written. */
bool copying_overflowed(const struct batch *batch);
/*
 * A partition that was known is gone: retention or a person dropped it. The next attempt asks for
 * all of them again.
 */
void copying_forget(struct store *store);

#endif
