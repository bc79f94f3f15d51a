/*
 * What a map made of a record: see map_check_event.h.
 */
#include "app/map_check_event.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text/utf8.h"
#include "ingest/decode/maps/shape.h"
#include "ingest/parse/times.h"

#define VALUE_COLUMNS 26
#define LEFT_OVER_SHOWN 8
#define SHORT 40

/* ---- columns ---- */

static struct sv
shortened(struct sv text, size_t max)
{
    return text.len <= max ? text : utf8_cut(text, max);
}

static void
add_padded(struct strbuf *out, struct sv text, size_t columns)
{
    size_t width = utf8_count(text);
    strbuf_add_sv(out, text);
    for (; width < columns; width++)
        strbuf_add_char(out, ' ');
    if (width > columns)
        strbuf_add_char(out, ' ');
}

static void
add_key(struct strbuf *out, const char *key, struct sv value)
{
    strbuf_add_text(out, "      ");
    add_padded(out, sv_from(key), 12);
    add_padded(out, sv_empty(value) ? SV("-") : shortened(value, VALUE_COLUMNS), VALUE_COLUMNS);
}

/* Blanks before the end of a line say nothing. */
static void
end_line(struct strbuf *out)
{
    while (out->len > 0 && out->ptr[out->len - 1] == ' ')
        out->len--;
    strbuf_add_char(out, '\n');
}

/* ---- why a value is what it is ---- */

/* The source of an alternative, without its steps. */
static struct sv
source_of(const struct map_alternative *alternative)
{
    return alternative->quoted ? alternative->text : alternative->path.text;
}

static const char *
unit_of(struct sv text)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (digits < 9 || (digits < text.len && text.ptr[digits] != '.'))
        return "";
    return digits < 12 ? " (s)" : digits < 15 ? " (ms)" : digits < 18 ? " (us)" : " (ns)";
}

static void
add_how(struct strbuf *out, enum map_key key, const struct map_used *used)
{
    if (used->expr == NULL)
        return;
    if (used->alternative == NULL && sv_empty(used->source)) {
        const struct map_alternative *first = &used->expr->alternatives[0];
        strbuf_addf(out, SV_FMT ": %s", SV_ARG(source_of(first)),
                    first->quoted ? "not all of it is there" : "not there");
        return;
    }
    if (used->alternative == NULL) {
        bool time = key == MAP_TIME;
        strbuf_addf(out, "\"" SV_FMT "\" %s", SV_ARG(shortened(used->source, SHORT)),
                    time ? "cannot be read as a time" : "is in no table");
        if (!time)
            strbuf_add_text(out, "      <- add a word");
        return;
    }
    strbuf_add_sv(out, shortened(source_of(used->alternative), 2 * SHORT));
    if (key == MAP_TIME)
        strbuf_addf(out, " = " SV_FMT "%s", SV_ARG(shortened(used->source, SHORT)),
                    unit_of(used->source));
    else if (used->alternative->step_count > 0)
        strbuf_addf(out, " = \"" SV_FMT "\"", SV_ARG(shortened(used->source, SHORT)));
}

/* ---- the event ---- */

static void
add_kind_and_phase(const struct map_trace *trace, const struct event *event, struct strbuf *out)
{
    const struct map_used *phase = &trace->keys[MAP_PHASE];
    add_key(out, "kind", sv_from(event_kind_word(event->kind)));
    if (event->phase != PHASE_NONE) {
        strbuf_add_text(out, "phase  ");
        add_padded(out, sv_from(event_phase_word(event->phase)), 12);
        add_how(out, MAP_PHASE, phase);
    }
    end_line(out);
}

static void
add_time(const struct map_trace *trace, const struct event *event, struct strbuf *out)
{
    char time[TIME_TEXT] = "";
    bool own = trace->keys[MAP_TIME].alternative != NULL;
    if (own)
        time_format(event->event_time_ns, time);
    add_key(out, "time", sv_from(time));
    if (own)
        add_padded(out, sv_from(time_source_word(event->time_source)), 14);
    add_how(out, MAP_TIME, &trace->keys[MAP_TIME]);
    end_line(out);
}

static void
add_texts(const struct map_trace *trace, const struct event *event, struct strbuf *out)
{
    for (unsigned key = 0; key < MAP_KEYS; key++) {
        const struct map_used *used = &trace->keys[key];
        ptrdiff_t place = map_key_place((enum map_key)key);
        if (used->expr == NULL || place < 0)
            continue;
        add_key(out, map_key_word((enum map_key)key),
                *(const struct sv *)(const void *)((const char *)event + place));
        add_how(out, (enum map_key)key, used);
        end_line(out);
    }
}

static void
add_word_key(const struct map_trace *trace, enum map_key key, struct sv value, struct strbuf *out)
{
    if (trace->keys[key].expr == NULL)
        return;
    add_key(out, map_key_word(key), value);
    add_how(out, key, &trace->keys[key]);
    end_line(out);
}

static bool
has_expr(const struct map_shape *shape, enum map_key key)
{
    bool has = shape->keys[key].count > 0;
    for (size_t i = 0; i < shape->phased_count; i++)
        has = has || shape->phased[i].key == key;
    return has;
}

/* What a map lists lies among the attributes: names, or (`pairs`) roles and names by turns. */
static void
add_list(const struct map_trace *trace, enum map_key key, const struct event *event,
         const char *member, bool pairs, struct strbuf *out)
{
    json_t *root;
    struct strbuf names;
    if (!has_expr(trace->shape, key))
        return;
    strbuf_init(&names, 0);
    root = json_loadb(event->attributes.ptr, event->attributes.len, 0, NULL);
    const json_t *list = json_object_get(root, member);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        strbuf_addf(&names, "%s%s",
                    i == 0                ? ""
                    : pairs && i % 2 == 1 ? ": "
                                          : "; ",
                    text == NULL || text[0] == '\0' ? "nobody" : text);
    }
    strbuf_addf(out, "      %-12s" SV_FMT "\n", map_key_word(key),
                SV_ARG(names.len > 0 ? strbuf_view(&names) : SV("-")));
    strbuf_release(&names);
    json_decref(root);
}

static void
add_id(struct arena *arena, const struct map_trace *trace, const struct event *event,
       struct strbuf *out)
{
    const char *name = trace->shape->name_space;
    strbuf_add_text(out, "      id          ");
    if (event->by_content) {
        strbuf_addf(out, "%s: all that it tells (no id gives a name)\n", name);
        return;
    }
    if (sv_empty(event->identity) || event->reused) {
        strbuf_add_text(out, "- (named by where it lies)\n");
        return;
    }
    char *text = arena_strdup(arena, event->identity);
    strbuf_addf(out, "%s: ", name);
    for (char *at = text; *at != '\0'; at++)
        if (*at == IDENTITY_SEPARATOR[0])
            strbuf_add_text(out, ", ");
        else
            strbuf_add_char(out, *at);
    strbuf_add_char(out, '\n');
}

/* ---- what is left ---- */

struct leaves {
    struct arena *arena;
    const struct map_trace *trace;
    struct strbuf *out;
    size_t count;
};

static bool
was_seen(const struct map_trace *trace, const struct json_node *node)
{
    for (size_t i = 0; i < trace->seen_count; i++)
        if (trace->seen[i] == node)
            return true;
    return false;
}

static void
add_leaf(struct leaves *in, struct sv path, struct json_node *node)
{
    struct read_time time;
    struct sv text = node_text(in->arena, node);
    if (sv_empty(text) || was_seen(in->trace, node))
        return;
    if (++in->count > LEFT_OVER_SHOWN)
        return;
    strbuf_addf(in->out, "%s" SV_FMT " ", in->count == 1 ? "" : ", ", SV_ARG(path));
    strbuf_addf(in->out, node_is(node, TAPE_STRING) ? "\"" SV_FMT "\"" : SV_FMT,
                SV_ARG(shortened(text, SHORT)));
    if (text.len >= 9 && times_read(text, NULL, &time))
        strbuf_add_text(in->out, " (looks like a time)");
}

/* Of a list the first element stands for all. */
static void
add_leaves(struct leaves *in, struct sv path, struct json_node *node)
{
    bool object = node_is(node, TAPE_OBJECT);
    size_t count = nodes_count(in->arena, node);
    if (node->value.type < TAPE_ARRAY)
        add_leaf(in, path, node);
    for (size_t i = 0; i < (object || count == 0 ? count : 1); i++) {
        struct sv key = object ? node_key(in->arena, &node->nodes[i]) : SV("0");
        const char *dot = sv_empty(path) ? "" : ".";
        bool quote = sv_find_char(key, '.') != SIZE_MAX || sv_find_char(key, ' ') != SIZE_MAX;
        const char *mark = quote ? "'" : "";
        add_leaves(in,
                   arena_printf(in->arena, SV_FMT "%s%s" SV_FMT "%s", SV_ARG(path), dot, mark,
                                SV_ARG(key), mark),
                   &node->nodes[i]);
    }
}

static void
add_left_over(struct arena *arena, const struct map_trace *trace, struct strbuf *out)
{
    struct strbuf list;
    strbuf_init(&list, 0);
    struct leaves leaves = {.arena = arena, .trace = trace, .out = &list};
    add_leaves(&leaves, SV(""), trace->element);
    if (leaves.count > 0)
        strbuf_addf(out, "      left over (%zu): " SV_FMT "%s\n", leaves.count,
                    SV_ARG(strbuf_view(&list)), leaves.count > LEFT_OVER_SHOWN ? " ..." : "");
    strbuf_release(&list);
}

void
map_check_event(struct arena *arena, const struct map_trace *trace, const struct event *event,
                struct strbuf *out)
{
    add_kind_and_phase(trace, event, out);
    add_time(trace, event, out);
    add_word_key(trace, MAP_SEVERITY, sv_from(severity_band(event->severity)), out);
    add_word_key(trace, MAP_RECORD, sv_from(record_kind_word(event->record_kind)), out);
    add_texts(trace, event, out);
    add_word_key(trace, MAP_ACTOR_TYPE, sv_from(actor_type_word(event->actor_type)), out);
    add_word_key(trace, MAP_INCIDENT, event->incident_ref, out);
    add_list(trace, MAP_PAGED, event, EVENT_PAGED, false, out);
    add_list(trace, MAP_ROLES, event, EVENT_ROLES, true, out);
    add_id(arena, trace, event, out);
    add_left_over(arena, trace, out);
}
