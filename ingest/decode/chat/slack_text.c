/*
 * Slack's text: see slack_text.h. Pure functions, called by the Slack decoder.
 */
#include "ingest/decode/chat/slack_text.h"

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/decode/chat/slack_blocks.h"
#include "ingest/parse/json.h"

struct sv
slack_url_without_token(struct sv url)
{
    size_t query = sv_find_char(url, '?');
    if (query == SIZE_MAX || !sv_contains(sv_slice(url, query, url.len), SV("t=xox")))
        return url;
    return sv_slice(url, 0, query);
}

/* The name of a user id, or the id itself. */
struct sv
slack_name(struct sv id, struct sv names)
{
    struct sv line;
    while (sv_split(&names, '\n', &line))
        if (sv_starts(line, id) && line.len > id.len + 1 && line.ptr[id.len] == '=')
            return sv_slice(line, id.len + 1, line.len);
    return id;
}

static size_t
add_entity(struct strbuf *out, struct sv text)
{
    static const struct {
        const char *entity;
        char c;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    for (size_t i = 0; i < 3; i++)
        if (sv_starts(text, sv_from(entities[i].entity))) {
            strbuf_add_char(out, entities[i].c);
            return strlen(entities[i].entity);
        }
    strbuf_add_char(out, '&');
    return 1;
}

static void
add_plain(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] == '&')
            at += add_entity(out, sv_slice(text, at, at + 5));
        else
            strbuf_add_char(out, text.ptr[at++]);
    }
}

/* The inside of "<...>". */
static void
add_reference(struct strbuf *out, struct sv inside, struct sv names)
{
    struct sv target = inside, label = SV_NONE;
    size_t bar = sv_find_char(inside, '|');
    if (bar != SIZE_MAX) {
        target = sv_slice(inside, 0, bar);
        label = sv_slice(inside, bar + 1, inside.len);
    }
    if (sv_starts(target, SV("!date^")) && !sv_empty(label)) {
        add_plain(out, label);
        return;
    }
    if (sv_starts(target, SV("!subteam^"))) /* a group of people */
        target = sv_slice(target, 8, target.len);
    char mark = sv_empty(target) ? '\0' : target.ptr[0];
    struct sv name = sv_empty(label) ? sv_slice(target, 1, target.len) : label;
    if (mark == '@' || mark == '#') { /* the directory knows better than the text */
        struct sv id = sv_slice(target, 1, target.len), known = slack_name(id, names);
        if (sv_empty(label) || !sv_eq(known, id))
            name = known;
    }
    if (mark == '^' || mark == '@' || mark == '#' || mark == '!') {
        char sign = mark == '#' ? '#' : '@';
        if (!sv_starts(name, mark == '#' ? SV("#") : SV("@")))
            strbuf_add_char(out, sign);
        add_plain(out, name);
        return;
    }
    target = slack_url_without_token(target);
    bool same = sv_empty(label) || sv_contains(target, label);
    add_plain(out, same ? target : label);
    if (!same) {
        strbuf_add_text(out, " (");
        add_plain(out, target);
        strbuf_add_char(out, ')');
    }
}

static bool
reference_start(struct sv text, size_t at)
{
    struct sv rest = sv_slice(text, at + 1, at + 9);
    return !sv_empty(rest) && (strchr("@#!", rest.ptr[0]) != NULL || sv_starts(rest, SV("http")) ||
                               sv_starts(rest, SV("mailto:")) || sv_starts(rest, SV("tel:")));
}

struct sv
slack_plain(struct arena *arena, struct sv text, struct sv names)
{
    if (sv_find_char(text, '<') == SIZE_MAX && sv_find_char(text, '&') == SIZE_MAX)
        return text;
    struct strbuf out;
    strbuf_init(&out, RECORD_BYTES_MAX);
    for (size_t at = 0; at < text.len;) {
        size_t end = text.ptr[at] == '<' && reference_start(text, at)
                         ? sv_find_char(sv_slice(text, at, text.len), '>')
                         : SIZE_MAX;
        if (end != SIZE_MAX) {
            add_reference(&out, sv_slice(text, at + 1, at + end), names);
            at += end + 1;
        } else if (text.ptr[at] == '&') {
            at += add_entity(&out, sv_slice(text, at, at + 5));
        } else {
            strbuf_add_char(&out, text.ptr[at++]);
        }
    }
    struct sv plain = arena_copy(arena, strbuf_view(&out));
    strbuf_release(&out);
    return plain;
}

static void
add_attachment(struct arena *arena, struct strbuf *out, const json_t *attachment)
{
    size_t before = out->len;
    slack_line_add(out, tree_pick(arena, attachment, "pretext"));
    slack_line_add(out, tree_pick(arena, attachment, "title"));
    slack_line_add(out, tree_pick(arena, attachment, "text"));
    const json_t *fields = tree_find(attachment, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        struct sv title = tree_pick(arena, field, "title"),
                  value = tree_pick(arena, field, "value");
        const char *colon = sv_empty(title) || sv_empty(value) ? "" : ": ";
        slack_line_add(
            out, arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(title), colon, SV_ARG(value)));
    }
    slack_blocks_add(arena, out, tree_find(attachment, "blocks"));
    if (out->len == before)
        slack_line_add(out, tree_pick(arena, attachment, "fallback"));
}

/* What clients without blocks show instead of them. */
static bool
is_stand_in(struct sv text)
{
    static const char *const texts[] = {
        "This message contains interactive elements.", "This message contains interactive elements",
        "This content can't be displayed.", "This content can\xE2\x80\x99t be displayed."};
    text = sv_trim(text);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (sv_eq(text, sv_from(texts[i])))
            return true;
    return sv_empty(text);
}

/* "Huddle: @ada, @bob (40 min)": who was in a call is all that Slack keeps of it. */
static void
add_huddle(struct arena *arena, struct strbuf *out, const json_t *message)
{
    const json_t *room = tree_find(message, "room");
    const json_t *people = tree_find(room, "participant_history|participants");
    const json_t *start = tree_find(room, "date_start"), *end = tree_find(room, "date_end");
    struct strbuf line;
    if (!json_is_object(room))
        return;
    strbuf_init(&line, RECORD_BYTES_MAX);
    strbuf_add_text(&line, "Huddle");
    for (size_t i = 0; i < json_array_size(people); i++) {
        struct sv id = tree_text(arena, json_array_get(people, i));
        strbuf_addf(&line, "%s<@" SV_FMT ">", i == 0 ? ": " : ", ", SV_ARG(id));
    }
    if (json_is_integer(start) && json_is_integer(end) &&
        json_integer_value(end) > json_integer_value(start))
        strbuf_addf(&line, " (%lld min)",
                    (long long)((json_integer_value(end) - json_integer_value(start)) / 60));
    slack_line_add(out, arena_copy(arena, strbuf_view(&line)));
    strbuf_release(&line);
}

struct sv
slack_message_text(struct arena *arena, const json_t *message, struct sv names)
{
    struct strbuf out;
    strbuf_init(&out, RECORD_BYTES_MAX);
    struct sv text = tree_pick(arena, message, "text");
    if (is_stand_in(text)) {
        slack_blocks_add(arena, &out, tree_find(message, "blocks"));
        if (out.len == 0)
            strbuf_add_sv(&out, text);
    } else {
        strbuf_add_sv(&out, text);
    }
    add_huddle(arena, &out, message);
    const json_t *attachments = tree_find(message, "attachments");
    bool bot = tree_has(message, "bot_id") || tree_is(message, "subtype", "bot_message");
    for (size_t i = 0; i < json_array_size(attachments); i++) {
        const json_t *attachment = json_array_get(attachments, i);
        /* People's messages get previews of what they link to: not their words. */
        if (bot || sv_empty(text) || !tree_has(attachment, "from_url"))
            add_attachment(arena, &out, attachment);
    }
    const json_t *files = tree_find(message, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        struct sv name = tree_pick(arena, json_array_get(files, i), "title|name");
        if (!sv_empty(name))
            slack_line_add(&out, arena_printf(arena, "[file] " SV_FMT, SV_ARG(name)));
    }
    struct sv plain = slack_plain(arena, arena_copy(arena, strbuf_view(&out)), names);
    strbuf_release(&out);
    return plain;
}
