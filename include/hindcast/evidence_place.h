/*
 * Where a record lies, for people: the line of the file it was loaded from, which they can open;
 * else its place in Kafka, of which an offset proves nothing to whoever has not the broker.
 */
#ifndef HINDCAST_EVIDENCE_PLACE_H
#define HINDCAST_EVIDENCE_PLACE_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

/* "logs/api.log:1204"; false, and nothing is added, where the record comes from no file. */
static inline bool
evidence_put_file(struct strbuf *out, const struct evidence *evidence)
{
    if (sv_empty(evidence->file))
        return false;
    strbuf_add_sv(out, evidence->file);
    if (evidence->line > 0)
        strbuf_addf(out, ":%lld", (long long)evidence->line);
    return true;
}

/* The same, or "ops/2/300". */
static inline void
evidence_put_place(struct strbuf *out, const struct evidence *evidence)
{
    if (!evidence_put_file(out, evidence))
        strbuf_addf(out, SV_FMT "/%d/%lld", SV_ARG(evidence->topic), (int)evidence->partition,
                    (long long)evidence->at.offset);
}

#endif
