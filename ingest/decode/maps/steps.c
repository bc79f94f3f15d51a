/*
 * Steps: see steps.h.
 */
#include "ingest/decode/maps/steps.h"

#include <assert.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "ingest/decode/maps/trace.h"
#include "ingest/parse/text.h"

/* ---- host ---- */

static bool
scheme_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '.' || c == '-';
}

/* Without scheme, user, path and port. */
static struct sv
host_of(struct sv text)
{
    size_t scheme = 0;
    while (scheme < text.len && scheme_char(text.ptr[scheme]))
        scheme++;
    if (scheme > 0 && sv_starts(sv_slice(text, scheme, text.len), SV("://")))
        text = sv_slice(text, scheme + 3, text.len);
    size_t end = 0;
    while (end < text.len && text.ptr[end] != '/' && text.ptr[end] != '?' && text.ptr[end] != '#')
        end++;
    text = sv_slice(text, 0, end);
    size_t at = sv_find_char(text, '@');
    if (at != SIZE_MAX)
        text = sv_slice(text, at + 1, text.len);
    size_t bracket = sv_find_char(text, ']');
    if (!sv_empty(text) && text.ptr[0] == '[' && bracket != SIZE_MAX)
        return sv_slice(text, 1, bracket);
    return text_without_port(text);
}

/* ---- html ---- */

struct entity {
    struct sv name;
    char c;
};

/* A character that a name or number stands for, at the end of `out`; what was used of the text. */
static size_t
put_entity(struct sv text, char *out, size_t *len)
{
    static const struct entity entities[] = {
        {SV("&nbsp;"), ' '}, {SV("&lt;"), '<'},    {SV("&gt;"), '>'},    {SV("&quot;"), '"'},
        {SV("&#39;"), '\''}, {SV("&#x27;"), '\''}, {SV("&apos;"), '\''}, {SV("&amp;"), '&'}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (sv_starts(text, entities[i].name)) {
            out[(*len)++] = entities[i].c;
            return entities[i].name.len;
        }
    out[(*len)++] = '&';
    return 1;
}

static bool
breaks_line(struct sv tag)
{
    return sv_starts_nocase(tag, SV("<br")) || sv_starts_nocase(tag, SV("</p")) ||
           sv_starts_nocase(tag, SV("</div")) || sv_starts_nocase(tag, SV("</li"));
}

/* Without tags: what is left is never longer. */
static struct sv
text_of_html(struct arena *arena, struct sv text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    assert(text.ptr != NULL);
    for (size_t at = 0; at < text.len;) {
        struct sv rest = sv_of(text.ptr + at, text.len - at);
        size_t end = rest.ptr[0] == '<' ? sv_find_char(rest, '>') : SIZE_MAX;
        if (end != SIZE_MAX) {
            if (breaks_line(rest))
                out[len++] = '\n';
            at += end + 1;
        } else if (rest.ptr[0] == '&') {
            at += put_entity(rest, out, &len);
        } else {
            out[len++] = rest.ptr[0];
            at++;
        }
    }
    return sv_trim(sv_of(out, len));
}

/* ---- regexes ---- */

static void
make_match(struct map_reading *reading)
{
    if (reading->match != NULL)
        return;
    reading->match = pcre2_match_data_create(2, NULL);
    reading->limits = pcre2_match_context_create(NULL);
    memory_need(reading->match);
    memory_need(reading->limits);
    pcre2_set_match_limit(reading->limits, MAP_REGEX_STEPS_MAX);
    pcre2_set_depth_limit(reading->limits, MAP_REGEX_STEPS_MAX);
    pcre2_set_heap_limit(reading->limits, 1024);
}

/* A regex that goes too far finds nothing. */
static struct sv
match(struct map_reading *reading, const struct map_step *step, struct sv text)
{
    make_match(reading);
    int status = pcre2_match(step->code, (PCRE2_SPTR)text.ptr, text.len, 0, PCRE2_NO_UTF_CHECK,
                             reading->match, reading->limits);
    if (status < 0 || (step->group && status == 1))
        return SV_NONE; /* nothing, or not the group */
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(reading->match) + (step->group ? 2 : 0);
    if (at[0] == PCRE2_UNSET || at[0] >= at[1])
        return SV_NONE;
    return sv_trim(sv_slice(text, at[0], at[1]));
}

struct sv
map_step_apply(struct map_reading *reading, const struct map_step *step, struct sv text)
{
    const struct map_word *word;
    switch (step->kind) {
    case STEP_TABLE:
        word = map_table_find(step->table, text);
        map_trace_word(reading->trace, word);
        return word == NULL ? SV_NONE : word->result;
    case STEP_HOST:
        return host_of(text);
    case STEP_HTML:
    case STEP_REGEX:
        break;
    }
    text = utf8_cut(text, BODY_BYTES_MAX);
    if (!map_spend(reading, 1 + text.len / 64))
        return SV_NONE;
    return step->kind == STEP_HTML ? text_of_html(reading->probe->arena, text)
                                   : match(reading, step, text);
}
