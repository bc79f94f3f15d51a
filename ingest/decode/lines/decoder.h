/*
 * Line formats as decoders of the registry. One thread, while nobody decodes.
 */
#ifndef INGEST_DECODE_LINES_DECODER_H
#define INGEST_DECODE_LINES_DECODER_H

#include "base/sv.h"
#include "hindcast/format_files.h"

struct line_format;

/* Adds a decoder for each format in use. */
void line_decoders_add(void);
/*
 * Adds the formats of the `.lines` files among these, in place of those of ours with the same name.
 * A line in `problems` for each error: then none of them is used. The registry holds the decoders
 * that are neither lines nor maps, and the maps are in use: their names are taken.
 */
void lines_use(const struct format_files *files, struct strbuf *problems);
/* Only ours are in use again. None of theirs may be in the registry. */
void lines_forget(void);
/* How many are in use, ours first; which one that is. */
size_t lines_count(void);
const struct line_format *lines_at(size_t place);
/* The format behind an entry of the registry; NULL: it is none of lines. */
const struct line_format *line_format_of(struct sv name);

#endif
