/*
 * Matching lines: see format.h. Called by bids and decoders, on the worker's thread, which has room
 * for matches of its own.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ingest/decode/lines/format.h"

#define GROUPS_MAX 64
/* A pattern looks at so much of a line; a group that reaches this end goes on to that of the line.
 */
#define LOOK_BYTES ((size_t)16 * 1024)

/* Of one thread, freed when it ends. */
struct room {
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

static pthread_key_t room_key;
static pthread_once_t room_once = PTHREAD_ONCE_INIT;

static void
free_room(void *of_thread)
{
    struct room *room = of_thread;
    pcre2_match_data_free(room->data);
    pcre2_match_context_free(room->limits);
    free(room);
}

static void
make_key(void)
{
    int failed = pthread_key_create(&room_key, free_room);
    memory_need(failed == 0 ? &room_key : NULL);
}

static const struct room *
own_room(void)
{
    static _Thread_local struct room *kept;
    if (kept != NULL)
        return kept;
    pthread_once(&room_once, make_key);
    struct room *room = memory_calloc(1, sizeof(*room));
    room->data = pcre2_match_data_create(GROUPS_MAX, NULL);
    room->limits = pcre2_match_context_create(NULL);
    memory_need(room->data);
    memory_need(room->limits);
    pcre2_set_match_limit(room->limits, LINE_MATCH_LIMIT);
    (void)pthread_setspecific(room_key, room);
    kept = room;
    return room;
}

static struct sv
value_of(struct sv text, const PCRE2_SIZE *ends, size_t looked, bool level)
{
    if (ends[0] == PCRE2_UNSET || ends[1] <= ends[0])
        return SV_NONE;
    struct sv value = sv_slice(text, ends[0], ends[1] == looked ? text.len : ends[1]);
    return value.len == 1 && value.ptr[0] == '-' && !level ? SV_NONE : value;
}

/* Groups that match, or a negative number. Without a compiler for this processor it is slower. */
static int
match_groups(const struct room *room, const pcre2_code *code, struct sv text)
{
    PCRE2_SPTR bytes = (PCRE2_SPTR)text.ptr;
    int found = pcre2_jit_match(code, bytes, text.len, 0, 0, room->data, room->limits);
    return found == PCRE2_ERROR_JIT_BADOPTION
               ? pcre2_match(code, bytes, text.len, 0, 0, room->data, room->limits)
               : found;
}

/* Takes the groups that have a name and that no pattern before filled. */
static bool
match_one(const struct line_format *format, const struct line_pattern *pattern, struct sv text,
          struct line_match *match)
{
    const struct room *room = own_room();
    size_t looked = text.len < LOOK_BYTES ? text.len : LOOK_BYTES;
    int found = match_groups(room, pattern->code, sv_of(text.ptr, looked));
    if (found < 0)
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(room->data);
    size_t groups = found == 0 ? GROUPS_MAX : (size_t)found;
    for (size_t i = 1; i < groups; i++) {
        if (pattern->name_of[i] == LINE_NO_NAME)
            continue;
        struct sv *value = &match->values[pattern->name_of[i]];
        if (sv_empty(*value))
            *value = value_of(text, &ends[2 * i], looked,
                              format->fields[pattern->name_of[i]] == LINE_LEVEL);
    }
    return true;
}

bool
line_pattern_match(const struct line_format *format, const struct line_pattern *pattern,
                   struct sv line, struct line_match *match)
{
    for (size_t i = 0; i < format->name_count; i++)
        match->values[i] = SV_NONE;
    return match_one(format, pattern, line, match);
}

void
line_format_look(const struct line_format *format, struct line_match *match)
{
    for (size_t i = 0; i < format->also_count; i++) {
        struct sv text = match->values[format->also[i].within];
        if (!sv_empty(text))
            (void)match_one(format, &format->also[i], text, match);
    }
}

static bool
all_there(const struct line_template *template, const struct line_match *match)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].name >= 0 && sv_empty(match->values[template->pieces[i].name]))
            return false;
    return template->count > 0;
}

struct sv
line_template_text(struct arena *arena, const struct line_template *template,
                   const struct line_match *match)
{
    size_t length = 0;
    while (template != NULL && !all_there(template, match))
        template = template->other;
    if (template == NULL)
        return SV_NONE;
    if (template->count == 1 && template->pieces[0].name >= 0)
        return match->values[template->pieces[0].name];
    for (size_t i = 0; i < template->count; i++)
        length += template->pieces[i].name < 0 ? template->pieces[i].text.len
                                               : match->values[template->pieces[i].name].len;
    char *text = arena_alloc(arena, length + 1), *at = text;
    for (size_t i = 0; i < template->count; i++)
        at = sv_put(at, template->pieces[i].name < 0 ? template->pieces[i].text
                                                     : match->values[template->pieces[i].name]);
    return sv_of(text, length);
}
