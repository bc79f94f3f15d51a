/*
 * Evaluating exprs: the first alternative that gives what is wanted. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_VALUE_H
#define INGEST_DECODE_MAPS_VALUE_H

#include "ingest/decode/maps/expr.h"
#include "ingest/decode/maps/walk.h"

/* What an alternative gives. */
struct map_result {
    struct sv text;         /* behind the steps; not empty */
    struct sv source;       /* before them: what the record says */
    struct json_node *node; /* where it stands; NULL: in no single place */
    const struct map_alternative *alternative;
};

/* True if it is what is wanted; else the next value is tried, then the next alternative. */
typedef bool map_accept(struct map_reading *reading, const struct map_result *result, void *own);

/* False when nothing was accepted. `accept` may be NULL: anything. Texts as in map_text(). */
bool map_expr_get(struct map_reading *reading, const struct map_expr *expr,
                  const struct map_scope *scope, map_accept *accept, void *own,
                  struct map_result *ret_result);

/* The first text that a path of the expr leads to, before any step: what the record says where
 * nothing was accepted. SV_NONE: nothing. */
struct sv map_expr_source(struct map_reading *reading, const struct map_expr *expr,
                          const struct map_scope *scope);

#endif
