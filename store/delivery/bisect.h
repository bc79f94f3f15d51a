/*
 * When PostgreSQL refuses a batch because of what is in it: finding the records at fault and taking
 * their rows out, so that the others are written. Internal to store/; called by commit.c outside
 * any transaction, on the thread that commits. docs/delivery.md has the list of SQLSTATEs.
 *
 * Records were decoded and checked long before, so this is for what nobody foresaw: a constraint or
 * a trigger that somebody added, a limit of an index, a character that the server's encoding lacks.
 */
#ifndef STORE_BISECT_H
#define STORE_BISECT_H

#include "store/delivery/part.h"
#include "store/pg/conn.h"

/*
 * More refused records than this in one batch are not a matter of single records: a constraint that
 * was written wrongly refuses everything, and setting everything aside would hide it.
 */
#define REFUSED_PER_BATCH_MAX 100

/* A record whose rows were refused. */
struct refusal {
    struct part *part;
    int64_t offset;
    char detail[320]; /* SQLSTATE and the server's words */
};

/* True if a record may be at fault when a statement failed with this. */
bool refused_for_data(const struct err *err);

/*
 * Tries the rows of ingest.log and ingest.event in halves, in a transaction that is rolled back:
 * about log2(records) + 2 tries for each record at fault. Those found are set aside: 0, at least
 * one was, send the batch again. -1 leaves the batch as it was; `err` then has the reason: nothing
 * is refused when the rows are sent by themselves (`err` keeps what it was given), more than
 * REFUSED_PER_BATCH_MAX are, or what became of the connection.
 */
int bisect_refused(struct store *store, struct batch *batch, struct err *err) MUST_CHECK;

/*
 * set_aside.c: takes the rows of these records out of the batch, counts each as quarantined instead
 * of stored and adds its row of evidence.quarantine. Evidence stays. In order of part and offset.
 */
void batch_set_aside(struct batch *batch, const struct refusal *refusals, size_t count);

#endif
