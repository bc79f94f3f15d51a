/*
 * Slack's text: see slack_text.h. Pure functions, called by the Slack decoder.
 */
#include "ingest/decode/chat/slack_text.h"

#include "base/strbuf.h"
#include "hindcast/decoder.h"
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
static struct sv
name_of(struct sv id, struct sv names)
{
    struct sv line;
    while (sv_split(&names, '\n', &line))
        if (sv_starts(line, id) && line.len > id.len + 1 && line.ptr[id.len] == '=')
            return sv_slice(line, id.len + 1, line.len);
    return id;
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
    char mark = sv_empty(target) ? '\0' : target.ptr[0];
    struct sv name = sv_empty(label) ? sv_slice(target, 1, target.len) : label;
    if (mark == '@' && sv_empty(label))
        name = name_of(name, names);
    if (mark == '@' || mark == '#' || mark == '!') {
        char sign = mark == '#' ? '#' : '@';
        if (!sv_starts(name, mark == '#' ? SV("#") : SV("@")))
            strbuf_add_char(out, sign);
        strbuf_add_sv(out, name);
        return;
    }
    target = slack_url_without_token(target);
    bool same = sv_empty(label) || sv_contains(target, label);
    strbuf_add_sv(out, same ? target : label);
    if (!same) {
        strbuf_add_text(out, " (");
        strbuf_add_sv(out, target);
        strbuf_add_char(out, ')');
    }
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
add_line(struct strbuf *out, struct sv line)
{
    if (sv_empty(line))
        return;
    if (out->len > 0)
        strbuf_add_char(out, '\n');
    strbuf_add_sv(out, line);
}

/* Every "text" in the tree of blocks, in order; jansson's depth limit bounds the recursion. */
static void
add_blocks(struct arena *arena, struct strbuf *out, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        add_blocks(arena, out, json_array_get(value, i));
    if (!json_is_object(value))
        return;
    const json_t *text = json_object_get(value, "text");
    if (json_is_string(text))
        add_line(out, tree_text(arena, text));
    else
        add_blocks(arena, out, text);
    add_blocks(arena, out, json_object_get(value, "fields"));
    add_blocks(arena, out, json_object_get(value, "elements"));
}

static void
add_attachment(struct arena *arena, struct strbuf *out, const json_t *attachment)
{
    size_t before = out->len;
    add_line(out, tree_pick(arena, attachment, "pretext"));
    add_line(out, tree_pick(arena, attachment, "title"));
    add_line(out, tree_pick(arena, attachment, "text"));
    const json_t *fields = tree_find(attachment, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        struct sv title = tree_pick(arena, field, "title"),
                  value = tree_pick(arena, field, "value");
        add_line(out, arena_printf(arena, SV_FMT ": " SV_FMT, SV_ARG(title), SV_ARG(value)));
    }
    add_blocks(arena, out, tree_find(attachment, "blocks"));
    if (out->len == before)
        add_line(out, tree_pick(arena, attachment, "fallback"));
}

struct sv
slack_message_text(struct arena *arena, const json_t *message, struct sv names)
{
    struct strbuf out;
    strbuf_init(&out, RECORD_BYTES_MAX);
    struct sv text = tree_pick(arena, message, "text");
    strbuf_add_sv(&out, text);
    if (sv_empty(text))
        add_blocks(arena, &out, tree_find(message, "blocks"));
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
            add_line(&out, arena_printf(arena, "[file] " SV_FMT, SV_ARG(name)));
    }
    struct sv plain = slack_plain(arena, arena_copy(arena, strbuf_view(&out)), names);
    strbuf_release(&out);
    return plain;
}
