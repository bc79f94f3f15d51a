/*
 * Evaluating exprs: see value.h.
 */
#include "ingest/decode/maps/value.h"

#include <string.h>

#include "hindcast/decoder.h"
#include "ingest/decode/maps/steps.h"
#include "ingest/decode/maps/trace.h"

/* One alternative that is tried. */
struct trying {
    const struct map_alternative *alternative;
    map_accept *accept;
    void *own;
    struct map_result *result;
};

/* ---- texts of pieces ---- */

static bool
take_text(struct map_reading *reading, struct map_value value, void *own)
{
    struct sv text = map_text(reading, value);
    map_trace_seen(reading->trace, value.node);
    if (sv_empty(text))
        return false;
    *(struct sv *)own = text;
    return true;
}

/* Blanks in a row become one; lines stay as they are. */
static size_t
squeeze(char *text, size_t len)
{
    size_t out = 0;
    if (len == 0 || memchr(text, '\n', len) != NULL)
        return len;
    for (size_t i = 0; i < len; i++)
        if (!sv_blank(text[i]))
            text[out++] = text[i];
        else if (out > 0 && text[out - 1] != ' ')
            text[out++] = ' ';
    return out;
}

/* SV_NONE where a piece that has to be there is not, or the whole is larger than any field. */
static struct sv
join_pieces(struct map_reading *reading, const struct map_alternative *alternative,
            const struct map_scope *scope)
{
    size_t count = alternative->piece_count, len = 0;
    struct sv *texts = ARENA_ARRAY(reading->probe->arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct map_piece *piece = &alternative->pieces[i];
        if (!piece->is_path)
            texts[i] = piece->text;
        else if (!map_walk(reading, &piece->path, scope, take_text, &texts[i]) && !piece->optional)
            return SV_NONE;
        len += texts[i].len;
    }
    if (count == 1)
        return texts[0];
    if (len > BODY_BYTES_MAX || !map_spend(reading, len / 64))
        return SV_NONE;
    char *joined = arena_alloc(reading->probe->arena, len + 1);
    char *end = joined;
    for (size_t i = 0; i < count; i++)
        end = texts[i].len == 0 ? end : sv_put(end, texts[i]);
    return sv_trim(sv_of(joined, squeeze(joined, (size_t)(end - joined))));
}

/* ---- steps, and whether it is wanted ---- */

static bool
try_text(struct map_reading *reading, const struct trying *trying, struct sv text,
         struct json_node *node)
{
    const struct map_alternative *alternative = trying->alternative;
    struct map_result result = {
        .text = text, .source = text, .node = node, .alternative = alternative};
    for (size_t i = 0; i < alternative->step_count && !sv_empty(result.text); i++)
        result.text = map_step_apply(reading, &alternative->steps[i], result.text);
    if (sv_empty(result.text) ||
        (trying->accept != NULL && !trying->accept(reading, &result, trying->own)))
        return false;
    *trying->result = result;
    map_trace_alternative(reading->trace, alternative);
    return true;
}

static bool
take_value(struct map_reading *reading, struct map_value value, void *own)
{
    struct sv text = map_text(reading, value);
    map_trace_seen(reading->trace, value.node);
    return !sv_empty(text) && try_text(reading, own, text, value.node);
}

bool
map_expr_get(struct map_reading *reading, const struct map_expr *expr,
             const struct map_scope *scope, map_accept *accept, void *own,
             struct map_result *ret_result)
{
    for (size_t i = 0; i < expr->count; i++) {
        struct trying trying = {&expr->alternatives[i], accept, own, ret_result};
        if (!trying.alternative->quoted) {
            if (map_walk(reading, &trying.alternative->path, scope, take_value, &trying))
                return true;
            continue;
        }
        struct sv text = join_pieces(reading, trying.alternative, scope);
        if (!sv_empty(text) && try_text(reading, &trying, text, NULL))
            return true;
    }
    return false;
}

struct sv
map_expr_source(struct map_reading *reading, const struct map_expr *expr,
                const struct map_scope *scope)
{
    struct sv text = SV_NONE;
    for (size_t i = 0; i < expr->count && sv_empty(text); i++)
        if (!expr->alternatives[i].quoted)
            map_walk(reading, &expr->alternatives[i].path, scope, take_text, &text);
    return text;
}
