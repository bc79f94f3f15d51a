/*
 * The decoders of the program, in the registry before all others.
 */
#ifndef INGEST_DECODE_CORE_TABLE_H
#define INGEST_DECODE_CORE_TABLE_H

#include "ingest/decode/core/registry.h"

/* Adds those of decoders.def, of lines and of maps, where they are not there. Any thread. */
void decoders_known(void);
/* Adds one behind them; false when there is one of that name. Before the first record and before
 * decoders_ready(), on one thread; the entry lives as long as the process. */
bool decoder_add(const struct decoder *decoder);

#endif
