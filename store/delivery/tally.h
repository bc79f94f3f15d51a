/*
 * What a batch adds to the counts of one stream: events by scope, service, kind, severity, minute,
 * format and source of the time, and records in quarantine. Written as rows of evidence.delta in
 * the batch's transaction (docs/storage.md). Internal to store/; memory only, on the thread that
 * has the batch.
 *
 * There are never more cells than events and records: what a sender puts into names is bounded by
 * what is stored of them anyway.
 */
#ifndef STORE_DELIVERY_TALLY_H
#define STORE_DELIVERY_TALLY_H

#include "base/strbuf.h"
#include "hindcast/event.h"

struct tally_cell;

struct tally {
    struct tally_cell *cells; /* in order of first appearance */
    size_t count, size;
    uint32_t *slots; /* places in `cells` plus one, by hash; 0: free */
    size_t slot_count;
    struct strbuf names; /* scope, service and format of each cell */
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);
void tally_clear(struct tally *tally); /* keeps the memory */

void tally_event(struct tally *tally, const struct event *event);
/* A record in quarantine; `format`: what it looks like, or absent. */
void tally_quarantined(struct tally *tally, struct sv format);
/* Takes an event away that was added: its encoded row, of ingest.log or (`log` false) of
 * ingest.event. */
struct row;
void tally_take_row(struct tally *tally, const struct row *row, bool log);

/* The rows of evidence.delta in COPY form; cells that became 0 have none. */
void tally_put(const struct tally *tally, int64_t stream_id, struct strbuf *out);

#endif
