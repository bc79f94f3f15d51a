/*
 * Who decodes a probe: those are asked whose signs it has, and the highest bid wins.
 */
#ifndef INGEST_DECODE_CORE_BIDDING_H
#define INGEST_DECODE_CORE_BIDDING_H

#include "ingest/decode/core/probe.h"
#include "ingest/decode/core/registry.h"

/* Files the signs and registers the fields of all decoders. Before the first record. */
void bidding_prepare(void);
/* Any thread. */
bool bidding_prepared(void);
/* The decoders will be others. Nobody decodes. */
void bidding_forget(void);
/* Who bids highest, and probe->bid; of equals the earlier one of the registry. 0, or -1 after
 * decode_bad(). */
int decoder_by_bids(struct probe *probe, const struct decoder **ret_winner,
                    struct decode_result *result);
/* The same among envelopes alone; NULL when none bids. */
int envelope_by_bids(struct probe *probe, const struct decoder **ret_winner,
                     struct decode_result *result);
/* Who reads these bytes as they are, before they are taken for JSON or text; NULL: nobody. */
const struct decoder *decoder_by_bytes(struct probe *probe);

#endif
