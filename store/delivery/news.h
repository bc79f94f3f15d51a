/*
 * What a batch says of one stream to correlators: the scopes that got something which correlation
 * reads. A batch that holds none of it makes no scope stale. Filled by batch.c, written by
 * commit.c; internal to store/.
 */
#ifndef STORE_DELIVERY_NEWS_H
#define STORE_DELIVERY_NEWS_H

#include "base/strbuf.h"
#include "hindcast/event.h"

/* Of more scopes than these in one batch none is named: every correlator looks. */
#define NEWS_SCOPES_MAX 64

struct news {
    struct strbuf names; /* elements of a text[] in COPY form: length, bytes */
    size_t count;
    size_t last; /* where the name found last begins */
    bool every;  /* too many to name */
};

/* True if correlation reads it. Of an identified line it does once the line comes again. */
static inline bool
news_counts(const struct event *event)
{
    return event->kind != EVENT_LOG || event->identified || event_notable(event);
}

void news_add(struct news *news, struct sv scope);
void news_clear(struct news *news);
/* The column scopes of evidence.batch; null: every scope. */
void news_put(const struct news *news, struct strbuf *out);
/* The names as a JSON array; null: every scope. */
void news_put_json(const struct news *news, struct strbuf *out);

#endif
