/*
 * What became of a record: see why_not.h.
 */
#include "app/why_not.h"

#include "app/open.h"
#include "app/output.h"
#include "base/text/utf8.h"
#include "report/why/missing.h"

/* 32 hex digits, hyphens left out. */
static bool
read_uid(struct sv text, struct record_name *name)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!hex && c != '-')
            return false;
        digits += hex;
    }
    name->uid = text;
    return digits == (size_t)2 * UID_BYTES;
}

static size_t
last_of(struct sv text, char c)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != c)
        at--;
    return at; /* behind it; 0: none */
}

static bool
read_line(struct sv text, struct record_name *name)
{
    size_t at = last_of(text, ':');
    if (at < 2 || !sv_to_int64(sv_slice(text, at, text.len), &name->line) || name->line < 1)
        return false;
    name->file = sv_slice(text, 0, at - 1);
    return true;
}

static bool
read_place(struct sv text, struct record_name *name)
{
    int64_t partition;
    size_t at = last_of(text, '/');
    if (at < 2 || !sv_to_int64(sv_slice(text, at, text.len), &name->offset) || name->offset < 0)
        return false;
    struct sv rest = sv_slice(text, 0, at - 1);
    at = last_of(rest, '/');
    if (at < 2 || !sv_to_int64(sv_slice(rest, at, rest.len), &partition) || partition < 0 ||
        partition > INT32_MAX)
        return false;
    name->partition = (int32_t)partition;
    name->topic = sv_slice(rest, 0, at - 1);
    return true;
}

static int
read_name(struct sv text, struct record_name *ret_name, struct err *err)
{
    struct record_name name = {.line = 0};
    if (!utf8_storable(text))
        return err_set(err, ERR_USAGE, "the name of a record must be UTF-8");
    if (!read_uid(text, &name)) {
        name.uid = SV_NONE;
        if (!read_line(text, &name) && !read_place(text, &name)) {
            err_set(err, ERR_USAGE, "'" SV_FMT "' names no record", SV_ARG(text));
            return err_hint(err, "a record is named by its uid ('hindcast read --explain'), as "
                                 "FILE:LINE as it was loaded, or as TOPIC/PARTITION/OFFSET");
        }
    }
    *ret_name = name;
    return 0;
}

static int
show(const struct record_fate *fate, struct sv name, bool json, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (json)
        missing_json(fate, name, &out);
    else
        missing_text(fate, name, output_columns(), &out);
    int status = output_buffer(&out, "what became of the record", err);
    strbuf_release(&out);
    return status;
}

int
why_not(const struct config *config, const char *record, bool json, const volatile bool *stop,
        struct err *err)
{
    struct store *store;
    struct record_name name;
    struct record_fate fate;
    struct arena arena;
    struct sv text = sv_from(record);
    if (read_name(text, &name, err) != 0 ||
        open_reader(config, READ_RECORDS, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_record_fate(store, &arena, &name, &fate, err);
    store_close(store);
    if (status == 0)
        status = show(&fate, text, json, err);
    if (status == 0 && fate.count == 0 && !fate.stream_known)
        status = err_set(err, ERR_NOT_FOUND, "no such record was read");
    arena_release(&arena);
    return status;
}
