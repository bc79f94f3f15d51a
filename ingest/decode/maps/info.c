/*
 * What a format of maps is: see info.h.
 */
#include "ingest/decode/maps/info.h"

#include <string.h>

#include "base/strbuf.h"

/* Each once, in the order in which they are met. */
static void
add_once(struct strbuf *out, const char *separator, struct sv text)
{
    struct sv rest = strbuf_view(out), part;
    while (rest.ptr != NULL && rest.len > 0) {
        size_t at = sv_find(rest, sv_from(separator));
        part = sv_slice(rest, 0, at);
        if (sv_eq(part, text))
            return;
        rest = at == SIZE_MAX ? SV_NONE : sv_slice(rest, at + strlen(separator), rest.len);
    }
    if (out->len > 0)
        strbuf_add_text(out, separator);
    strbuf_add_sv(out, text);
}

static void
add_table_kinds(struct strbuf *kinds, const struct map_table *table)
{
    for (size_t i = 0; i < table->exact_count; i++)
        add_once(kinds, ", ", table->exact[i].result);
    for (size_t i = 0; i < table->glob_count; i++)
        add_once(kinds, ", ", table->globs[i].result);
    for (size_t i = 0; i < table->range_count; i++)
        add_once(kinds, ", ", table->ranges[i].word.result);
}

static void
add_kinds(struct strbuf *kinds, const struct map_shape *shape)
{
    const struct map_expr *expr = &shape->keys[MAP_KIND];
    for (size_t i = 0; i < expr->count; i++) {
        const struct map_alternative *one = &expr->alternatives[i];
        if (one->step_count > 0 && one->steps[one->step_count - 1].kind == STEP_TABLE)
            add_table_kinds(kinds, one->steps[one->step_count - 1].table);
        else if (one->quoted && one->piece_count == 1)
            add_once(kinds, ", ", one->pieces[0].text);
    }
    for (size_t i = 0; i < shape->also_count; i++)
        if (shape->also[i] != shape)
            add_once(kinds, ", ", shape->also[i]->keys[MAP_KIND].text);
}

static void
add_ids(struct arena *arena, struct strbuf *ids, const struct map_shape *shape)
{
    for (size_t i = 0; i < shape->id_count; i++) {
        struct strbuf one;
        strbuf_init(&one, 0);
        for (size_t k = 0; k < shape->ids[i].count; k++)
            strbuf_addf(&one, "%s`" SV_FMT "`", k == 0 ? "" : ", ",
                        SV_ARG(shape->ids[i].parts[k].text));
        add_once(ids, "; ", arena_copy(arena, strbuf_view(&one)));
        strbuf_release(&one);
    }
}

void
map_format_describe(struct arena *arena, const struct map_format *format,
                    struct decoder_info *ret_info)
{
    struct strbuf kinds, ids;
    const char *about = "", *see = "";
    strbuf_init(&kinds, 0);
    strbuf_init(&ids, 0);
    for (size_t i = 0; i < format->count; i++) {
        const struct map_shape *shape = format->shapes[i];
        add_kinds(&kinds, shape);
        add_ids(arena, &ids, shape);
        about = about[0] == '\0' ? shape->about : about;
        see = see[0] == '\0' ? shape->see : see;
    }
    const struct map_shape *first = format->shapes[0];
    if (ids.len == 0)
        strbuf_add_text(&ids, "all that is told");
    ret_info->name = format->name;
    ret_info->identity = first->name_space;
    ret_info->title =
        about[0] != '\0'
            ? about
            : arena_strdup(arena, arena_printf(arena, "[" SV_FMT "] of %s", SV_ARG(first->name),
                                               first->file->name));
    ret_info->kinds = arena_strdup(arena, strbuf_view(&kinds));
    ret_info->identified_by = arena_strdup(arena, strbuf_view(&ids));
    ret_info->reference = see[0] != '\0' ? see : first->file->name;
    strbuf_release(&kinds);
    strbuf_release(&ids);
}
