/*
 * What nearly every decoder needs: its entry in the registry, the probe it bids on, the sink it
 * fills, and the readers of ingest/parse/. For the files of formats only.
 */
#ifndef INGEST_DECODE_CORE_DECODER_INTERNAL_H
#define INGEST_DECODE_CORE_DECODER_INTERNAL_H

#include "ingest/decode/core/elements.h"
#include "ingest/decode/core/probe.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/core/sink.h"
#include "ingest/parse/line_head.h"
#include "ingest/parse/severity.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"

#endif
