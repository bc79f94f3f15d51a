/*
 * Rows of correlate.entry, see entry_columns.h: one function for each type of entry.def, called for
 * the column of each field. Pure, but for the arena.
 */
#include "store/casebook/entry_columns.h"

#include <assert.h>

enum column_number {
#define ENTRY_FIELD(type, member, field, column, line, place) COLUMN_##member,
#define ENTRY_LIST(type, member, field, count, column, line, place) COLUMN_##member,
#define ENTRY_COLUMN(type, field, column) COLUMN_##field,
#include "hindcast/entry.def"
    COLUMN_EVENT_NS,
    COLUMN_MILESTONE_LIST,
    COLUMN_COUNT
};

static const char *const names[] = {
#define ENTRY_FIELD(type, member, field, column, line, place) #column,
#define ENTRY_LIST(type, member, field, count, column, line, place) #column,
#define ENTRY_COLUMN(type, field, column) #column,
#include "hindcast/entry.def"
    "event_ns",
    "milestone_list",
};

struct reader {
    struct arena *arena;
    const PGresult *result;
    int row;
    int columns[COLUMN_COUNT];
};

static struct sv
view(const struct reader *reader, int column)
{
    return column_view(reader->result, reader->row, column);
}

static void
read_TEXT(const struct reader *reader, int column, struct sv *ret_text)
{
    *ret_text = column_text(reader->arena, reader->result, reader->row, column);
}

static void
read_OPTIONAL(const struct reader *reader, int column, struct sv *ret_text)
{
    read_TEXT(reader, column, ret_text);
}

static void
read_TIME(const struct reader *reader, int column, int64_t *ret_ns)
{
    *ret_ns = column_time(reader->result, reader->row, column) +
              column_int(reader->result, reader->row, reader->columns[COLUMN_EVENT_NS]);
}

static void
read_SPAN(const struct reader *reader, int column, int64_t *ret_ns)
{
    if (!time_of_units(column_int(reader->result, reader->row, column), NS_PER_MS, 0, ret_ns))
        *ret_ns = INT64_MAX;
}

static void
read_INT32(const struct reader *reader, int column, int32_t *ret_value)
{
    *ret_value = (int32_t)column_int(reader->result, reader->row, column);
}

static void
read_INT64(const struct reader *reader, int column, int64_t *ret_value)
{
    *ret_value = column_int(reader->result, reader->row, column);
}

static void
read_FLAG(const struct reader *reader, int column, bool *ret_value)
{
    *ret_value = column_bool(reader->result, reader->row, column);
}

static void
read_KIND(const struct reader *reader, int column, enum entry_kind *ret_kind)
{
    *ret_kind = entry_kind_read(view(reader, column));
}

static void
read_RECORD_KIND(const struct reader *reader, int column, enum record_kind *ret_kind)
{
    *ret_kind = record_kind_read(view(reader, column));
}

static void
read_ACT(const struct reader *reader, int column, enum act *ret_act)
{
    *ret_act = act_read(view(reader, column));
}

static void
read_SIGNIFICANCE(const struct reader *reader, int column, enum significance *ret_significance)
{
    *ret_significance = significance_read(view(reader, column));
}

static void
read_TIME_SOURCE(const struct reader *reader, int column, enum time_source *ret_source)
{
    *ret_source = time_source_read(view(reader, column));
}

static void
read_BYTES(const struct reader *reader, int column, struct sv *ret_bytes)
{
    size_t size = view(reader, column).len < 2 ? 0 : (view(reader, column).len - 2) / 2;
    char *bytes = arena_alloc(reader->arena, size + 1);
    *ret_bytes = SV_NONE;
    if (column_bytes(reader->result, reader->row, column, bytes, size))
        *ret_bytes = sv_of(bytes, size);
}

/* The array as JSON stands in a column of its own: PostgreSQL prints arrays its own way. */
static void
read_MILESTONES(const struct reader *reader, int column, const enum milestone **ret_list,
                size_t *ret_count)
{
    size_t count;
    (void)column;
    const struct sv *words = column_texts(reader->arena, reader->result, reader->row,
                                          reader->columns[COLUMN_MILESTONE_LIST], &count);
    enum milestone *list = ARENA_ARRAY(reader->arena, enum milestone, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = milestone_read(words[i]);
    *ret_list = list;
    *ret_count = count;
}

static void
read_REASONS(const struct reader *reader, int column, const struct reason **ret_list,
             size_t *ret_count)
{
    json_t *array = column_array(reader->result, reader->row, column);
    size_t count = json_array_size(array);
    struct reason *list = ARENA_ARRAY(reader->arena, struct reason, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(array, i);
        list[i].name =
            arena_copy(reader->arena, sv_from(json_string_value(json_array_get(pair, 0))));
        list[i].hundredths = (int32_t)json_integer_value(json_array_get(pair, 1));
    }
    json_decref(array);
    *ret_list = list;
    *ret_count = count;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static void
read_sha256(const char *text, struct sha256 *ret_digest)
{
    *ret_digest = (struct sha256){0};
    for (size_t i = 0; text != NULL && i < SHA256_BYTES && text[2 * i] && text[2 * i + 1]; i++)
        ret_digest->bytes[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
}

const struct evidence *
column_evidence(struct arena *arena, const PGresult *result, int row, int column, size_t *ret_count)
{
    json_t *array = column_array(result, row, column);
    size_t count = json_array_size(array);
    struct evidence *list = ARENA_ARRAY(arena, struct evidence, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        list[i].at = (struct coordinates){
            .stream_id = json_member_number(object, "stream"),
            .offset = json_member_number(object, "offset"),
            .index = (int32_t)json_member_number(object, "index"),
        };
        list[i].topic = json_member_text(arena, object, "topic");
        list[i].incarnation = (int32_t)json_member_number(object, "incarnation");
        list[i].partition = (int32_t)json_member_number(object, "partition");
        list[i].file = json_member_text(arena, object, "file");
        list[i].line = json_member_number(object, "line");
        read_sha256(json_string_value(json_object_get(object, "sha256")), &list[i].sha256);
    }
    json_decref(array);
    *ret_count = count;
    return list;
}

static void
read_EVIDENCE(const struct reader *reader, int column, const struct evidence **ret_list,
              size_t *ret_count)
{
    *ret_list = column_evidence(reader->arena, reader->result, reader->row, column, ret_count);
}

static void
read_PAGES(const struct reader *reader, int column, const struct paged **ret_list,
           size_t *ret_count)
{
    json_t *array = column_array(reader->result, reader->row, column);
    size_t count = json_array_size(array);
    struct paged *list = ARENA_ARRAY(reader->arena, struct paged, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        struct sv answered = json_member_text(reader->arena, object, "answered");
        struct parsed_time time;
        list[i] = (struct paged){
            .person = json_member_text(reader->arena, object, "person"),
            .doubt = json_member_text(reader->arena, object, "doubt"),
            .answer = json_member_text(reader->arena, object, "answer"),
            .how = answered_read(json_member_text(reader->arena, object, "how")),
            .answered_ns = time_parse(answered, &time) ? time.ns : TIME_NONE,
        };
    }
    json_decref(array);
    *ret_list = list;
    *ret_count = count;
}

static void
read_ROLES(const struct reader *reader, int column, const struct given_role **ret_list,
           size_t *ret_count)
{
    json_t *array = column_array(reader->result, reader->row, column);
    size_t count = json_array_size(array);
    struct given_role *list = ARENA_ARRAY(reader->arena, struct given_role, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        struct parsed_time time;
        list[i] = (struct given_role){
            .person = json_member_text(reader->arena, object, "person"),
            .role = json_member_text(reader->arena, object, "role"),
            .end = json_member_text(reader->arena, object, "end"),
            .until_ns = time_parse(json_member_text(reader->arena, object, "until"), &time)
                            ? time.ns
                            : TIME_NONE,
        };
    }
    json_decref(array);
    *ret_list = list;
    *ret_count = count;
}

static void
read_entry(const struct reader *reader, struct entry *ret_entry)
{
    const int *columns = reader->columns;
#define ENTRY_FIELD(type, member, field, column, line, place)                                      \
    read_##type(reader, columns[COLUMN_##member], &ret_entry->field);
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    read_##type(reader, columns[COLUMN_##member], &ret_entry->field, &ret_entry->count);
#define ENTRY_COLUMN(type, field, column)                                                          \
    read_##type(reader, columns[COLUMN_##field], &ret_entry->field);
#include "hindcast/entry.def"
}

const struct entry *
entry_rows(struct arena *arena, const PGresult *result)
{
    struct reader reader = {.arena = arena, .result = result};
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        reader.columns[i] = PQfnumber(result, names[i]);
        assert(reader.columns[i] >= 0);
    }
    size_t count = (size_t)PQntuples(result);
    struct entry *entries = ARENA_ARRAY(arena, struct entry, count + 1);
    for (; (size_t)reader.row < count; reader.row++)
        read_entry(&reader, &entries[reader.row]);
    return entries;
}
