/*
 * Decisions out of JSON, and what became of them to JSON and back. Pure; any thread.
 */
#include <jansson.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "hindcast/decision.h"

/* ------------------------------------------------------------------ decisions */

static const char *const members[] = {"at",   "author", "id",    "incident", "rows", "target",
                                      "time", "value",  "login", "verb",     "why"};
static const char *const row_members[] = {"event", "fingerprint", "source", "text", "time"};

static int
check_members(const json_t *object, const char *const *names, size_t count, struct err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        size_t at = 0;
        while (at < count && strcmp(names[at], name) != 0)
            at++;
        if (at == count)
            return err_set(err, ERR_USAGE, "a decision has no member '%s'", name);
        if (strcmp(name, "rows") == 0 ? !json_is_array(value) : !json_is_string(value))
            return err_set(err, ERR_USAGE, "'%s' has another type", name);
    }
    return 0;
}

static struct sv
text_of(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return SV_NONE;
    return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
}

static int
time_of(const json_t *object, const char *name, int64_t *ret_ns, struct err *err)
{
    const char *text = json_string_value(json_object_get(object, name));
    *ret_ns = TIME_NONE;
    return text == NULL ? 0 : time_parse_arg(name, text, ret_ns, err);
}

static int
read_rows(struct arena *arena, const json_t *array, struct decision *decision, struct err *err)
{
    size_t count = json_array_size(array);
    struct decision_row *rows = ARENA_ARRAY(arena, struct decision_row, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        if (!json_is_object(object))
            return err_set(err, ERR_USAGE, "'rows' holds what is not an object");
        if (check_members(object, row_members, sizeof(row_members) / sizeof(row_members[0]), err) !=
                0 ||
            time_of(object, "time", &rows[i].time_ns, err) != 0)
            return -1;
        rows[i].event = text_of(arena, object, "event");
        rows[i].fingerprint = text_of(arena, object, "fingerprint");
        rows[i].source = text_of(arena, object, "source");
        rows[i].text = text_of(arena, object, "text");
    }
    decision->rows = rows;
    decision->row_count = count;
    return 0;
}

static int
read_object(struct arena *arena, const json_t *object, struct decision *decision, struct err *err)
{
    struct sv word = text_of(arena, object, "verb"), id = text_of(arena, object, "id");
    if (check_members(object, members, sizeof(members) / sizeof(members[0]), err) != 0)
        return -1;
    decision->verb = decision_read_word(word);
    if (decision->verb == DECISION_NONE)
        return err_set(err, ERR_USAGE, "there is no verb '" SV_FMT "'", SV_ARG(word));
    if (time_of(object, "at", &decision->at_ns, err) != 0 ||
        time_of(object, "time", &decision->time_ns, err) != 0 ||
        read_rows(arena, json_object_get(object, "rows"), decision, err) != 0)
        return -1;
    decision->author = text_of(arena, object, "author");
    decision->why = text_of(arena, object, "why");
    decision->incident = text_of(arena, object, "incident");
    decision->target = text_of(arena, object, "target");
    decision->value = text_of(arena, object, "value");
    if (decision->at_ns == TIME_NONE || sv_empty(decision->author))
        return sv_empty(id) ? 0 : err_set(err, ERR_USAGE, "it has an id, but no time or no author");
    if (decision_seal(arena, decision, err) != 0)
        return -1;
    if (sv_empty(id) || sv_eq(id, decision->id))
        return 0;
    return err_set(err, ERR_USAGE, "its id is '" SV_FMT "', that of its content is '" SV_FMT "'",
                   SV_ARG(id), SV_ARG(decision->id));
}

int
decision_read(struct arena *arena, struct sv json, struct decision *ret_decision, struct err *err)
{
    struct decision decision = {.at_ns = TIME_NONE};
    json_error_t error;
    json_t *object = NULL;
    if (json.len <= 2 * DECISION_BYTES_MAX && utf8_storable(json))
        object = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);
    int status = json_is_object(object)
                     ? read_object(arena, object, &decision, err)
                     : err_set(err, ERR_USAGE, "a decision is one JSON object on a line");
    json_decref(object);
    if (status == 0)
        *ret_decision = decision;
    return status;
}

/* ------------------------------------------------------------------ what became of them */

void
decided_put(struct strbuf *out, const struct decided *decided)
{
    strbuf_add_char(out, '{');
    json_put(out, "by", decided->by);
    json_put(out, "content", decided->decision.content);
    json_put(out, "id", decided->decision.id);
    json_put_name(out, "rows");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < decided->row_count; i++) {
        const struct decided_row *row = &decided->rows[i];
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "entry_id", row->entry_id);
        json_put(out, "text", row->text);
        json_put_time(out, "time", row->time_ns);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    json_put(out, "state", sv_from(decided_word(decided->state)));
    json_put(out, "was", decided->was);
    strbuf_add_char(out, '}');
}

static bool
read_decided(struct arena *arena, const json_t *object, struct decided *ret_decided)
{
    struct err err;
    const json_t *array = json_object_get(object, "rows");
    size_t count = json_array_size(array);
    struct decided_row *rows = ARENA_ARRAY(arena, struct decided_row, count + 1);
    struct decided decided = {.state = decided_read_word(text_of(arena, object, "state")),
                              .by = text_of(arena, object, "by"),
                              .was = text_of(arena, object, "was"),
                              .rows = rows,
                              .row_count = count};
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(array, i);
        if (time_of(row, "time", &rows[i].time_ns, &err) != 0)
            return false;
        rows[i].entry_id = text_of(arena, row, "entry_id");
        rows[i].text = text_of(arena, row, "text");
    }
    struct sv content = text_of(arena, object, "content");
    if (decision_read(arena, content, &decided.decision, &err) != 0)
        return false;
    *ret_decided = decided;
    return sv_eq(decided.decision.content, content);
}

bool
decided_read(struct arena *arena, struct sv json, struct decided **ret_list, size_t *ret_count)
{
    json_t *array = json_loadb(json.ptr, json.len, 0, NULL);
    size_t count = json_array_size(array);
    struct decided *list = ARENA_ARRAY(arena, struct decided, count + 1);
    bool good = json_is_array(array);
    for (size_t i = 0; i < count && good; i++)
        good = read_decided(arena, json_array_get(array, i), &list[i]);
    json_decref(array);
    if (good) {
        *ret_list = list;
        *ret_count = count;
    }
    return good;
}
