/*
 * What a format of maps is, for people: lists, docs/formats.md. One thread.
 */
#ifndef INGEST_DECODE_MAPS_INFO_H
#define INGEST_DECODE_MAPS_INFO_H

#include "ingest/decode/core/registry.h"
#include "ingest/decode/maps/read_record.h"

/* All but signs and bids. Texts live in the arena. */
void map_format_describe(struct arena *arena, const struct map_format *format,
                         struct decoder_info *ret_info);

#endif
