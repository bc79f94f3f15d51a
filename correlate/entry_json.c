/*
 * A timeline entry as JSON: see entry_json.h. One function for each type of entry.def, one for each
 * field, and three tables over them. Pure functions.
 */
#include "hindcast/entry_json.h"

enum form { FORM_CANONICAL, FORM_ROW, FORM_LINE };

struct slot {
    enum form form;
    const struct entry_around *around;
    const char *name; /* of the member, in this form */
};

/* -------------------------------------------------------------------- types */

static void
put_TEXT(struct strbuf *out, const struct slot *slot, struct sv text)
{
    json_put(out, slot->name, text.ptr == NULL ? SV("") : text);
}

/* An empty text and an absent one are stored alike, so they must read alike. */
static void
put_OPTIONAL(struct strbuf *out, const struct slot *slot, struct sv text)
{
    json_put(out, slot->name, sv_empty(text) ? SV_NONE : text);
}

/* The tables keep microseconds; PostgreSQL would round where we cut. */
static void
put_TIME(struct strbuf *out, const struct slot *slot, int64_t ns)
{
    bool row = slot->form == FORM_ROW;
    json_put_time(out, slot->name, row ? ns - ns % NS_PER_US : ns);
    if (row)
        json_put_int(out, "event_ns", ns % NS_PER_US);
}

static void
put_SPAN(struct strbuf *out, const struct slot *slot, int64_t ns)
{
    json_put_int(out, slot->name, ns / NS_PER_MS);
}

static void
put_INT32(struct strbuf *out, const struct slot *slot, int32_t value)
{
    json_put_int(out, slot->name, value);
}

static void
put_INT64(struct strbuf *out, const struct slot *slot, int64_t value)
{
    json_put_int(out, slot->name, value);
}

static void
put_FLAG(struct strbuf *out, const struct slot *slot, bool value)
{
    json_put_bool(out, slot->name, value);
}

static void
put_KIND(struct strbuf *out, const struct slot *slot, enum entry_kind kind)
{
    json_put(out, slot->name, sv_from(entry_kind_word(kind)));
}

static void
put_RECORD_KIND(struct strbuf *out, const struct slot *slot, enum record_kind kind)
{
    json_put(out, slot->name, sv_from(record_kind_word(kind)));
}

static void
put_ACT(struct strbuf *out, const struct slot *slot, enum act act)
{
    put_OPTIONAL(out, slot, sv_from(act_word(act)));
}

static void
put_SIGNIFICANCE(struct strbuf *out, const struct slot *slot, enum significance significance)
{
    json_put(out, slot->name, sv_from(significance_word(significance)));
}

static void
put_TIME_SOURCE(struct strbuf *out, const struct slot *slot, enum time_source source)
{
    json_put(out, slot->name, sv_from(time_source_word(source)));
}

static void
put_BYTES(struct strbuf *out, const struct slot *slot, struct sv bytes)
{
    json_put_name(out, slot->name);
    strbuf_add_text(out, "\"\\\\x");
    for (size_t i = 0; i < bytes.len; i++)
        strbuf_addf(out, "%02x", (unsigned)(unsigned char)bytes.ptr[i]);
    strbuf_add_char(out, '"');
}

/* ["detected",...] */
static void
put_MILESTONES(struct strbuf *out, const struct slot *slot, const enum milestone *list,
               size_t count)
{
    json_put_name(out, slot->name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        json_put_string(out, sv_from(milestone_word(list[i])));
    }
    strbuf_add_char(out, ']');
}

/* [["name",hundredths],...] */
static void
put_REASONS(struct strbuf *out, const struct slot *slot, const struct reason *list, size_t count)
{
    json_put_name(out, slot->name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '[');
        json_put_string(out, list[i].name);
        strbuf_addf(out, ",%d]", (int)list[i].hundredths);
    }
    strbuf_add_char(out, ']');
}

/* [{...},...]: coordinates and digest, and where in which file */
static void
put_EVIDENCE(struct strbuf *out, const struct slot *slot, const struct evidence *list, size_t count)
{
    json_put_name(out, slot->name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        char hex[SHA256_HEX + 1];
        sha256_hex(&list[i].sha256, hex);
        json_put_comma(out);
        strbuf_add_char(out, '{');
        if (!sv_empty(list[i].file))
            json_put(out, "file", list[i].file);
        json_put_int(out, "incarnation", list[i].incarnation);
        json_put_int(out, "index", list[i].at.index);
        if (list[i].line > 0)
            json_put_int(out, "line", list[i].line);
        json_put_int(out, "offset", list[i].at.offset);
        json_put_int(out, "partition", list[i].partition);
        json_put(out, "sha256", sv_from(hex));
        if (slot->form == FORM_ROW)
            json_put_int(out, "stream", list[i].at.stream_id);
        json_put(out, "topic", list[i].topic);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

/* [{"answer":ENTRY,"answered":TIME,"doubt":WORDS,"how":WORD,"person":NAME},...]: what is not known
 * is not there; times whole in every form, since they are of another entry */
static void
put_PAGES(struct strbuf *out, const struct slot *slot, const struct paged *list, size_t count)
{
    json_put_name(out, slot->name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        if (list[i].answered_ns != TIME_NONE) {
            json_put(out, "answer", list[i].answer);
            json_put_time(out, "answered", list[i].answered_ns);
        }
        if (!sv_empty(list[i].doubt))
            json_put(out, "doubt", list[i].doubt);
        if (list[i].answered_ns != TIME_NONE)
            json_put(out, "how", sv_from(answered_word(list[i].how)));
        json_put(out, "person", list[i].person);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

/* [{"end":ENTRY,"person":NAME,"role":NAME,"until":TIME},...], in the same way */
static void
put_ROLES(struct strbuf *out, const struct slot *slot, const struct given_role *list, size_t count)
{
    json_put_name(out, slot->name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        if (list[i].until_ns != TIME_NONE)
            json_put(out, "end", list[i].end);
        json_put(out, "person", list[i].person);
        json_put(out, "role", list[i].role);
        if (list[i].until_ns != TIME_NONE)
            json_put_time(out, "until", list[i].until_ns);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

/* ------------------------------------------------------------------- fields */

static void
put_incident_key(struct strbuf *out, const struct slot *slot, const struct entry *entry)
{
    (void)entry;
    json_put(out, slot->name, slot->around->incident_key);
}

static void
put_line(struct strbuf *out, const struct slot *slot, const struct entry *entry)
{
    (void)entry;
    json_put(out, slot->name, SV("entry"));
}

static void
put_position(struct strbuf *out, const struct slot *slot, const struct entry *entry)
{
    (void)entry;
    json_put_int(out, slot->name, slot->around->position);
}

static void
put_scope(struct strbuf *out, const struct slot *slot, const struct entry *entry)
{
    (void)entry;
    json_put(out, slot->name, slot->around->scope);
}

#define ENTRY_FIELD(type, member, field, column, line, place)                                      \
    static void put_##member(struct strbuf *out, const struct slot *at, const struct entry *entry) \
    {                                                                                              \
        put_##type(out, at, entry->field);                                                         \
    }
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    static void put_##member(struct strbuf *out, const struct slot *at, const struct entry *entry) \
    {                                                                                              \
        put_##type(out, at, entry->field, entry->count);                                           \
    }
#define ENTRY_COLUMN(type, field, column)                                                          \
    static void put_##field(struct strbuf *out, const struct slot *slot,                           \
                            const struct entry *entry)                                             \
    {                                                                                              \
        put_##type(out, slot, entry->field);                                                       \
    }
#include "hindcast/entry.def"

static const struct field {
    const char *names[3]; /* by form; NULL: not in it */
    void (*put)(struct strbuf *out, const struct slot *slot, const struct entry *entry);
} fields[] = {
#define ENTRY_FIELD(type, member, field, column, line, place)                                      \
    {{#member, #column, line}, put_##member},
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    {{#member, #column, line}, put_##member},
#define ENTRY_AROUND(member, line, place) {{#member, NULL, line}, put_##member},
#define ENTRY_COLUMN(type, field, column) {{NULL, #column, NULL}, put_##field},
#include "hindcast/entry.def"
};

enum field_number {
#define ENTRY_FIELD(type, member, field, column, line, place) FIELD_##member,
#define ENTRY_LIST(type, member, field, count, column, line, place) FIELD_##member,
#define ENTRY_AROUND(member, line, place) FIELD_##member,
#define ENTRY_COLUMN(type, field, column) FIELD_##field,
#include "hindcast/entry.def"
    FIELD_COUNT
};

/* Number of the field at each place of a JSON Line, or FIELD_COUNT. */
static enum field_number
field_at(int wanted)
{
#define AT(member, place)                                                                          \
    if ((place) == wanted)                                                                         \
        return FIELD_##member;
#define ENTRY_FIELD(type, member, field, column, line, place) AT(member, place)
#define ENTRY_LIST(type, member, field, count, column, line, place) AT(member, place)
#define ENTRY_AROUND(member, line, place) AT(member, place)
#include "hindcast/entry.def"
#undef AT
    return FIELD_COUNT;
}

static void
put(struct strbuf *out, enum form form, const struct entry_around *around,
    const struct entry *entry, enum field_number number)
{
    const struct field *field = &fields[number];
    const struct slot slot = {form, around, field->names[form]};
    if (slot.name != NULL)
        field->put(out, &slot, entry);
}

void
entry_json_canonical(struct strbuf *out, const struct entry_around *around,
                     const struct entry *entry)
{
    for (enum field_number i = 0; i < FIELD_COUNT; i++)
        put(out, FORM_CANONICAL, around, entry, i);
}

void
entry_json_row(struct strbuf *out, const struct entry *entry)
{
    for (enum field_number i = 0; i < FIELD_COUNT; i++)
        put(out, FORM_ROW, NULL, entry, i);
}

void
entry_json_line(struct strbuf *out, const struct entry_around *around, const struct entry *entry)
{
    enum field_number at;
    for (int place = 1; (at = field_at(place)) != FIELD_COUNT; place++)
        put(out, FORM_LINE, around, entry, at);
}
