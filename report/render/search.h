/*
 * Showing what was found, by words or by likeness: for people, each incident with why it stands
 * where it does, or as JSON Lines. Pure but for the time zone in use; text that a record brought is
 * made harmless.
 */
#ifndef REPORT_RENDER_SEARCH_H
#define REPORT_RENDER_SEARCH_H

#include "base/strbuf.h"
#include "hindcast/search.h"

/* Incidents with their best lines; each line is cut to `columns` characters (0: never). */
void render_found(const struct search_result *result, size_t columns, struct strbuf *out);
/* Incidents with what they have in common with the one that was asked about. */
void render_similar(const struct search_result *result, size_t columns, struct strbuf *out);

/* One object for each incident. */
void render_found_json(const struct search_result *result, struct strbuf *out);
void render_similar_json(const struct search_result *result, struct strbuf *out);

#endif
