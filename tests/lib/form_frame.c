/*
 * See form_frame.h.
 */
#include "tests/lib/form_frame.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/attacks.h"

/* The length of an entity that stands for a character, at the start; 0: none. */
static size_t
entity(struct sv text)
{
    size_t end = 1;
    if (!sv_starts(text, SV("&")))
        return 0;
    while (end < text.len && end < 10 &&
           (isalnum((unsigned char)text.ptr[end]) || text.ptr[end] == '#'))
        end++;
    return end > 1 && end < text.len && text.ptr[end] == ';' ? end + 1 : 0;
}

/* HTML and XML: tags with their attributes, and each '&' that is no entity. */
static void
frame_tags(struct sv shown, struct strbuf *out)
{
    bool inside = false;
    for (size_t i = 0; i < shown.len; i++) {
        inside = inside || shown.ptr[i] == '<';
        if (inside || (shown.ptr[i] == '&' && entity(sv_slice(shown, i, shown.len)) == 0))
            strbuf_add_char(out, shown.ptr[i]);
        inside = inside && shown.ptr[i] != '>';
    }
}

static void
frame_marks(struct sv shown, const char *marks, bool escapes, struct strbuf *out)
{
    for (size_t i = 0; i < shown.len;) {
        char c = shown.ptr[i];
        size_t length = entity(sv_slice(shown, i, shown.len));
        if (escapes && c == '\\' && i + 1 < shown.len && ispunct((unsigned char)shown.ptr[i + 1]) &&
            shown.ptr[i + 1] != '\\')
            length = 2;
        if (length == 0 && c != '\0' && strchr(marks, c) != NULL)
            strbuf_add_char(out, c);
        i += length == 0 ? 1 : length;
    }
}

/* The same marks, and what makes a heading or a picture out of letters. */
static void
frame_jira(struct sv shown, struct strbuf *out)
{
    frame_marks(shown, "{}[]|*_+^~!#?-(<>&\\\n", true, out);
    for (size_t i = 0; i + 3 < shown.len; i++) {
        struct sv from = sv_slice(shown, i, shown.len);
        bool starts = i == 0 || shown.ptr[i - 1] == '\n' ||
                      (shown.ptr[i - 1] == ' ' && (i == 1 || shown.ptr[i - 2] == '|'));
        if (starts && (sv_starts(from, SV("bq.")) ||
                       (tolower(from.ptr[0]) == 'h' && isdigit((unsigned char)from.ptr[1]) &&
                        from.ptr[2] == '.')))
            strbuf_add(out, from.ptr, 3);
        bool escaped = i > 0 && shown.ptr[i - 1] == '\\';
        if ((from.ptr[0] == ':' || from.ptr[0] == ';') && !escaped &&
            strchr(")(PDpd", from.ptr[1]) != NULL)
            strbuf_add(out, from.ptr, 2);
        if (sv_starts(from, SV("://")) && (i < 4 || memcmp(&shown.ptr[i - 4], "http", 4) != 0) &&
            (i < 5 || memcmp(&shown.ptr[i - 5], "https", 5) != 0) && !escaped)
            strbuf_add(out, "://", 3);
    }
}

static bool
is_word(struct sv shown, size_t at)
{
    return at < shown.len &&
           (isalnum((unsigned char)shown.ptr[at]) || (unsigned char)shown.ptr[at] >= 0x80);
}

static void
frame_slack(struct sv shown, struct strbuf *out)
{
    frame_marks(shown, "<>&`*~\n", false, out);
    for (size_t i = 0; i < shown.len; i++) {
        bool before = i > 0 && is_word(shown, i - 1), after = is_word(shown, i + 1);
        if ((shown.ptr[i] == '_' && !(before && after)) || (shown.ptr[i] == '@' && !before))
            strbuf_add_char(out, shown.ptr[i]);
    }
}

/* Names of members and the sorts of their values. */
static void
frame_json_value(const json_t *value, struct strbuf *out)
{
    const char *name;
    json_t *member;
    size_t i;
    if (json_is_object(value)) {
        strbuf_add_char(out, '{');
        json_object_foreach((json_t *)(uintptr_t)value, name, member)
        {
            strbuf_addf(out, "%s:", name);
            frame_json_value(member, out);
        }
        strbuf_add_char(out, '}');
    } else if (json_is_array(value)) {
        strbuf_add_char(out, '[');
        json_array_foreach(value, i, member) frame_json_value(member, out);
        strbuf_add_char(out, ']');
    } else {
        strbuf_addf(out, "%d", (int)json_typeof(value));
    }
}

static void
frame_json(struct sv shown, struct strbuf *out)
{
    json_error_t error;
    json_t *value =
        json_loadb(shown.ptr, shown.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (value == NULL)
        strbuf_addf(out, "no JSON: %s", error.text);
    else
        frame_json_value(value, out);
    json_decref(value);
}

static void
frame_text(struct sv shown, struct strbuf *out)
{
    strbuf_addf(out, "%zu lines", attack_lines(shown));
}

bool
form_frame(const char *form, struct sv shown, struct strbuf *ret_frame)
{
    static const struct {
        const char *form;
        void (*frame)(struct sv shown, struct strbuf *out);
    } frames[] = {
        {"markdown", attack_markdown_frame},
        {"html", frame_tags},
        {"gdocs", frame_tags},
        {"confluence", frame_tags},
        {"jira", frame_jira},
        {"slack", frame_slack},
        {"json", frame_json},
        {"text", frame_text},
    };
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
        if (strcmp(frames[i].form, form) == 0) {
            frames[i].frame(shown, ret_frame);
            return true;
        }
    return false;
}

/* The character that an entity stands for. */
static char
character_of(struct sv entity_text)
{
    static const struct {
        const char *entity;
        char c;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (sv_eq(entity_text, sv_from(entities[i].entity)))
            return entities[i].c;
    return (char)strtoul(entity_text.ptr + 2, NULL, 10); /* "&#123;" */
}

/* Characters that stand for marks of Slack. */
static size_t
alike(struct sv text, char *ret_c)
{
    static const struct {
        const char *shown;
        char c;
    } marks[] = {{"∗", '*'}, {"ˋ", '`'}, {"∼", '~'}, {"ˍ", '_'}, {"＠", '@'}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_starts(text, sv_from(marks[i].shown))) {
            *ret_c = marks[i].c;
            return strlen(marks[i].shown);
        }
    return 0;
}

void
form_read(const char *form, struct sv shown, struct strbuf *ret_text)
{
    bool jira = strcmp(form, "jira") == 0, slack = strcmp(form, "slack") == 0;
    for (size_t i = 0; i < shown.len;) {
        struct sv from = sv_slice(shown, i, shown.len);
        size_t length = entity(from);
        char c = length > 0 ? character_of(sv_slice(from, 0, length)) : from.ptr[0];
        if (length == 0 && slack)
            length = alike(from, &c);
        if (jira && c == '\\' && length == 0 && from.len > 1) {
            c = from.ptr[1];
            length = 2;
        }
        strbuf_add_char(ret_text, c);
        i += length == 0 ? 1 : length;
    }
}
