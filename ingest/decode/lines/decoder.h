/*
 * Line formats as decoders of the registry. Called once, before the first record.
 */
#ifndef INGEST_DECODE_LINES_DECODER_H
#define INGEST_DECODE_LINES_DECODER_H

/* Adds a decoder for each format of ingest/decode/lines/. */
void line_decoders_add(void);

#endif
