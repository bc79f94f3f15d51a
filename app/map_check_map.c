/*
 * What can be said of a map without any record: see map_check_map.h.
 */
#include "app/map_check_map.h"

#include "base/embedded.h"
#include "hindcast/decoder.h"
#include "ingest/decode/maps/decoders.h"
#include "ingest/decode/maps/read_record.h"

void
map_check_counts(const struct map_file *file, struct strbuf *out)
{
    strbuf_addf(out, "%zu shape%s, %zu table%s", file->shape_count,
                file->shape_count == 1 ? "" : "s", file->table_count,
                file->table_count == 1 ? "" : "s");
}

/* ---- tables ---- */

/* A word of a table at a place: first the exact ones, then globs, then ranges. */
static const struct map_word *
word_at(const struct map_table *table, size_t place)
{
    if (place < table->exact_count)
        return &table->exact[place];
    place -= table->exact_count;
    if (place < table->glob_count)
        return &table->globs[place];
    place -= table->glob_count;
    return place < table->range_count ? &table->ranges[place].word : NULL;
}

/* The next result behind `*place` that no word before it has; SV_NONE: there is none. */
static struct sv
next_result(const struct map_table *table, size_t *place)
{
    for (const struct map_word *word; (word = word_at(table, *place)) != NULL;) {
        bool again = false;
        for (size_t i = 0; i < *place && !again; i++)
            again = sv_eq(word_at(table, i)->result, word->result);
        (*place)++;
        if (!again)
            return word->result;
    }
    return SV_NONE;
}

void
map_check_tables(const struct map_file *file, struct strbuf *out)
{
    for (size_t i = 0; i < file->table_count; i++) {
        const struct map_table *table = &file->tables[i];
        strbuf_addf(out, "  [words " SV_FMT "] line %d:", SV_ARG(table->name), table->line);
        size_t place = 0;
        for (struct sv result; !sv_empty(result = next_result(table, &place));) {
            strbuf_addf(out, " " SV_FMT " =", SV_ARG(result));
            const struct map_word *word;
            for (size_t k = 0; (word = word_at(table, k)) != NULL; k++)
                if (sv_eq(word->result, result))
                    strbuf_addf(out, " " SV_FMT, SV_ARG(word->text));
            strbuf_add_char(out, ';');
        }
        strbuf_add_char(out, '\n');
    }
}

/* ---- other shapes ---- */

void
map_check_replaced(const struct map_file *file, struct strbuf *out)
{
    for (size_t i = 0; i < maps_file_count(); i++) {
        const struct map_file *other = maps_file_at(i);
        for (size_t k = 0; k < other->shape_count; k++) {
            const struct map_shape *by = other->shapes[k].replaced_by;
            if (other != file && by != NULL && by->file == file)
                strbuf_addf(out,
                            "  [" SV_FMT "] takes the place of %s:%d, and keeps its namespace %s\n",
                            SV_ARG(by->name), other->name, other->shapes[k].line, by->name_space);
        }
    }
}

static bool
same_path(const struct map_path *a, const struct map_path *b)
{
    return a->base == b->base && a->ups == b->ups && sv_eq(a->text, b->text);
}

/* All words of `a` are words of `b`. */
static bool
words_within(const struct map_table *a, const struct map_table *b)
{
    const struct map_word *word;
    for (size_t i = 0; (word = word_at(a, i)) != NULL; i++)
        if (map_table_find(b, word->text) == NULL)
            return false;
    return true;
}

static bool
condition_implies(const struct map_condition *a, const struct map_condition *b)
{
    if (!same_path(&a->path, &b->path) || a->negated != b->negated)
        return false;
    if (!a->compares || !b->compares)
        return a->negated ? !a->compares : !b->compares;
    return a->negated ? words_within(&b->words, &a->words) : words_within(&a->words, &b->words);
}

/* Whatever fits `a` fits `b`. */
static bool
when_implies(const struct map_when *a, const struct map_when *b)
{
    for (size_t i = 0; i < b->count; i++) {
        size_t k = 0;
        while (k < a->count && !condition_implies(&a->conditions[k], &b->conditions[i]))
            k++;
        if (k == a->count)
            return false;
    }
    return true;
}

static bool
open_alike(const struct map_shape *a, const struct map_shape *b)
{
    for (size_t i = 0; i < a->open_count; i++)
        for (size_t k = 0; k < b->open_count; k++)
            if (a->opens[i].here == b->opens[k].here &&
                (a->opens[i].here || sv_eq(a->opens[i].path.text, b->opens[k].path.text)))
                return true;
    return false;
}

static bool
add_tie(const struct map_shape *a, const struct map_shape *b, struct strbuf *out)
{
    for (size_t i = 0; i < a->when_count; i++)
        for (size_t k = 0; k < b->when_count; k++) {
            if (!when_implies(&a->whens[i], &b->whens[k]) &&
                !when_implies(&b->whens[k], &a->whens[i]))
                continue;
            strbuf_addf(out, "  tie: [" SV_FMT "] (line %d) and [" SV_FMT "] (%s:%d) both bid %d\n",
                        SV_ARG(a->name), a->whens[i].line, SV_ARG(b->name), b->file->name,
                        b->whens[k].line, a->bid);
            return true;
        }
    return false;
}

size_t
map_check_ties(const struct map_file *file, struct strbuf *out)
{
    size_t ties = 0;
    for (size_t i = 0; i < file->shape_count; i++)
        for (size_t n = 0; n < maps_file_count(); n++) {
            const struct map_file *other = maps_file_at(n);
            for (size_t k = 0; k < other->shape_count; k++) {
                const struct map_shape *a = &file->shapes[i], *b = &other->shapes[k];
                if ((other == file && k <= i) || a->bid == 0 || a->bid != b->bid ||
                    b->replaced_by != NULL || !open_alike(a, b))
                    continue;
                ties += add_tie(a, b, out);
            }
        }
    return ties;
}

/* ---- records of others ---- */

static bool
is_of(const struct decoder_info *info, const struct map_shape *shape)
{
    const struct map_format *format = map_format_of(sv_from(info->name));
    for (size_t i = 0; format != NULL && i < format->count; i++)
        if (format->shapes[i] == shape)
            return true;
    return false;
}

/* True if the shape's format bids on the record of another one. */
static bool
takes(const struct map_shape *shape, struct sv value)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct event_sink sink = {.arena = &arena};
    struct decoder_bids bids = {.everyone = true};
    const struct decode_options options = {0};
    const struct record record = {.topic = SV("check"), .value = value};
    (void)decode_record_bids(&record, &options, &sink, &bids);
    bool taken = false;
    for (size_t i = 0; i < bids.count && !taken; i++)
        taken = bids.list[i].bid > 0 && is_of(bids.list[i].decoder, shape);
    arena_release(&arena);
    return taken;
}

void
map_check_foreign(const struct map_file *file, struct strbuf *out)
{
    for (size_t i = 0; i < file->shape_count; i++) {
        const struct map_shape *shape = &file->shapes[i];
        struct sv rest = sv_from(embedded_foreign[0].text), line, format;
        size_t count = 0;
        while (shape->bid > 0 && sv_split(&rest, '\n', &line)) {
            if (!sv_split(&line, '\t', &format) || sv_empty(line) ||
                sv_eq(format, sv_from(shape->format)) || !takes(shape, line))
                continue;
            if (count++ == 0)
                strbuf_addf(out, "  remark: [" SV_FMT "] also claims records of ",
                            SV_ARG(shape->name));
            if (count <= 5)
                strbuf_addf(out, "%s" SV_FMT, count == 1 ? "" : ", ", SV_ARG(format));
        }
        if (count > 5)
            strbuf_addf(out, " and %zu more", count - 5);
        if (count > 0)
            strbuf_add_text(out, ": ask for a key that only this tool writes\n");
    }
}

/* ---- what was never used ---- */

static void
add_unused_words(const struct map_file *file, const struct map_trace *trace, struct strbuf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < file->table_count; i++) {
        const struct map_table *table = &file->tables[i];
        size_t place = 0;
        for (struct sv result; !sv_empty(result = next_result(table, &place));) {
            const struct map_word *word;
            bool used = false;
            for (size_t k = 0; (word = word_at(table, k)) != NULL; k++)
                used = used || (sv_eq(word->result, result) && trace->words[word->number]);
            if (!used)
                strbuf_addf(out, "%s" SV_FMT "." SV_FMT,
                            count++ == 0 ? "  Words never used: " : ", ", SV_ARG(table->name),
                            SV_ARG(result));
        }
    }
    strbuf_add_text(out, count > 0 ? "." : "");
}

static void
add_unused_of(const struct map_shape *shape, const struct map_expr *expr, const char *key,
              bool *ret_named, const struct map_trace *trace, struct strbuf *out, size_t *count)
{
    for (size_t i = 0; i < expr->count; i++) {
        if (trace->alternatives[expr->alternatives[i].number])
            continue;
        strbuf_add_text(out, (*count)++ == 0 ? "  Alternatives never used: " : ", ");
        if (!*ret_named && shape->file->shape_count > 1)
            strbuf_addf(out, "[" SV_FMT "] ", SV_ARG(shape->name));
        *ret_named = true;
        strbuf_addf(out, "%s %zu", key, i + 1);
    }
}

/* Every event has a kind. */
static bool
was_used(const struct map_shape *shape, const struct map_trace *trace)
{
    const struct map_expr *kind = &shape->keys[MAP_KIND];
    for (size_t i = 0; i < kind->count; i++)
        if (trace->alternatives[kind->alternatives[i].number])
            return true;
    return false;
}

static void
add_unused_alternatives(const struct map_shape *shape, const struct map_trace *trace,
                        struct strbuf *out, size_t *count)
{
    bool named = false;
    for (unsigned key = 0; key < MAP_KEYS; key++)
        add_unused_of(shape, &shape->keys[key], map_key_word((enum map_key)key), &named, trace, out,
                      count);
    for (size_t k = 0; k < shape->phased_count; k++) {
        char key[64];
        snprintf(key, sizeof(key), "%s.%s", map_key_word(shape->phased[k].key),
                 event_phase_word(shape->phased[k].phase));
        add_unused_of(shape, &shape->phased[k].expr, key, &named, trace, out, count);
    }
}

void
map_check_unused(const struct map_file *file, const struct map_trace *trace, struct strbuf *out)
{
    size_t count = 0, shapes = 0;
    for (size_t i = 0; i < file->shape_count; i++)
        if (!was_used(&file->shapes[i], trace))
            strbuf_addf(out, "%s" SV_FMT, shapes++ == 0 ? "  Shapes never used: " : ", ",
                        SV_ARG(file->shapes[i].name));
    strbuf_add_text(out, shapes > 0 ? "." : "");
    add_unused_words(file, trace, out);
    for (size_t i = 0; i < file->shape_count; i++)
        if (was_used(&file->shapes[i], trace))
            add_unused_alternatives(&file->shapes[i], trace, out, &count);
    strbuf_add_text(out, count > 0 ? "." : "");
}
