/*
 * Maps as decoders: an entry of the registry for each format, which stands for the shapes that
 * report it. One thread, behind the decoders of the program.
 */
#ifndef INGEST_DECODE_MAPS_DECODERS_H
#define INGEST_DECODE_MAPS_DECODERS_H

/* Adds the formats of all maps in use to the registry. Once. */
void map_decoders_add(void);

#endif
