/*
 * Blocks of Slack's messages: see slack_blocks.h. Pure functions; the depth of recursion is bounded
 * by that of JSON.
 */
#include "ingest/decode/chat/slack_blocks.h"

#include "ingest/parse/json.h"

void
slack_line_add(struct strbuf *out, struct sv line)
{
    if (sv_empty(line))
        return;
    if (out->len > 0)
        strbuf_add_char(out, '\n');
    strbuf_add_sv(out, line);
}

/* Words of rich text stand for themselves; in messages these three are markup. */
static void
add_escaped(struct strbuf *out, struct sv text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            strbuf_add_text(out, "&amp;");
        else if (c == '<')
            strbuf_add_text(out, "&lt;");
        else if (c == '>')
            strbuf_add_text(out, "&gt;");
        else
            strbuf_add_char(out, c);
    }
}

static void
add_link(struct arena *arena, struct strbuf *out, const json_t *element)
{
    struct sv url = tree_pick(arena, element, "url"), text = tree_pick(arena, element, "text");
    strbuf_add_char(out, '<');
    strbuf_add_sv(out, url);
    if (!sv_empty(text)) {
        strbuf_add_char(out, '|');
        add_escaped(out, text);
    }
    strbuf_add_char(out, '>');
}

/* A piece of a line. */
static void
add_inline(struct arena *arena, struct strbuf *out, const json_t *element)
{
    static const struct {
        const char *type, *field, *before, *behind;
    } marks[] = {
        {"user", "user_id", "<@", ">"},
        {"channel", "channel_id", "<#", ">"},
        {"usergroup", "usergroup_id", "<!subteam^", ">"},
        {"broadcast", "range", "<!", ">"},
        {"emoji", "name", ":", ":"},
        {"date", "fallback", "", ""},
        {"color", "value", "", ""},
        {"team", "team_id", "", ""},
    };
    struct sv type = tree_pick(arena, element, "type");
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_eq(type, sv_from(marks[i].type))) {
            strbuf_add_text(out, marks[i].before);
            strbuf_add_sv(out, tree_pick(arena, element, marks[i].field));
            strbuf_add_text(out, marks[i].behind);
            return;
        }
    if (sv_eq(type, SV("link"))) {
        add_link(arena, out, element);
        return;
    }
    const char *quote = json_is_true(tree_find(element, "style.code")) ? "`" : "";
    strbuf_add_text(out, quote);
    add_escaped(out, tree_text(arena, json_object_get(element, "text")));
    strbuf_add_text(out, quote);
}

static struct sv
inline_text(struct arena *arena, const json_t *elements)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < json_array_size(elements); i++)
        add_inline(arena, &text, json_array_get(elements, i));
    struct sv copy = arena_copy(arena, strbuf_view(&text));
    strbuf_release(&text);
    return copy;
}

/* Sections, lists, quotes, code. */
static void
add_rich_text(struct arena *arena, struct strbuf *out, const json_t *part)
{
    const json_t *elements = json_object_get(part, "elements");
    struct sv type = tree_pick(arena, part, "type");
    if (sv_eq(type, SV("rich_text_list"))) {
        bool ordered = tree_is(part, "style", "ordered");
        for (size_t i = 0; i < json_array_size(elements); i++) {
            struct sv item =
                inline_text(arena, json_object_get(json_array_get(elements, i), "elements"));
            struct sv mark = ordered ? arena_printf(arena, "%zu.", i + 1) : SV("-");
            slack_line_add(out, arena_printf(arena, SV_FMT " " SV_FMT, SV_ARG(mark), SV_ARG(item)));
        }
        return;
    }
    struct sv text = inline_text(arena, elements);
    if (sv_eq(type, SV("rich_text_quote")) && !sv_empty(text))
        text = arena_printf(arena, "&gt; " SV_FMT, SV_ARG(text));
    slack_line_add(out, text);
}

/* What a block of an app says: its text, its fields, what stands beside. */
static void
add_any(struct arena *arena, struct strbuf *out, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        add_any(arena, out, json_array_get(value, i));
    if (!json_is_object(value))
        return;
    if (tree_is(value, "type", "rich_text")) {
        const json_t *parts = json_object_get(value, "elements");
        for (size_t i = 0; i < json_array_size(parts); i++)
            add_rich_text(arena, out, json_array_get(parts, i));
        return;
    }
    if (tree_is(value, "type", "image"))
        slack_line_add(out, tree_pick(arena, value, "title.text|alt_text"));
    const json_t *text = json_object_get(value, "text");
    if (json_is_string(text))
        slack_line_add(out, tree_text(arena, text));
    else
        add_any(arena, out, text);
    add_any(arena, out, json_object_get(value, "fields"));
    if (!tree_is(value, "type", "actions")) /* buttons */
        add_any(arena, out, json_object_get(value, "elements"));
}

void
slack_blocks_add(struct arena *arena, struct strbuf *out, const json_t *blocks)
{
    add_any(arena, out, blocks);
}
