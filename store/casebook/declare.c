/*
 * Declaring an incident by hand. The id is a hash of what was said, so that saying the same again
 * changes nothing, and a rebuild on another machine names it alike. Called by `declare` and `draft`
 * on the main thread.
 */
#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "hindcast/decoder.h"
#include "store/casebook/columns.h"

/* Length of an id in hex digits: 80 bits. */
#define DECLARATION_ID 20

static struct sv
declaration_id(struct arena *arena, struct sv scope, const struct declaration *declaration)
{
    struct strbuf text;
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    strbuf_init(&text, 0);
    strbuf_add_char(&text, '{');
    json_put(&text, "channel", declaration->channel);
    json_put_time(&text, "from", declaration->from_ns);
    json_put(&text, "scope", scope);
    json_put(&text, "service", declaration->service);
    json_put(&text, "title", declaration->title);
    json_put_time(&text, "to", declaration->to_ns);
    strbuf_add_char(&text, '}');
    sha256_of(text.ptr, text.len, &digest);
    strbuf_release(&text);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_of(hex, DECLARATION_ID));
}

static const char *
text_or_null(struct arena *arena, struct sv text)
{
    return sv_empty(sv_trim(text)) ? NULL : arena_strdup(arena, text);
}

/* The table refuses the same (review.is_line), in words that say less. */
static int
check_line(const char *what, struct sv text, struct err *err)
{
    if (text.len > FIELD_BYTES_MAX)
        return err_set(err, ERR_USAGE, "the %s has %zu bytes; at most %zu are kept", what, text.len,
                       FIELD_BYTES_MAX);
    struct strbuf shown;
    size_t at = 0;
    bool plain = true;
    strbuf_init(&shown, 0);
    while (plain && at < text.len) {
        struct sv rest = sv_slice(text, at, text.len);
        /* U+200B to U+200F join and part what is written together; they do not reorder it. */
        bool joins = sv_starts(rest, SV("\xe2\x80")) && rest.len > 2 &&
                     (unsigned char)rest.ptr[2] >= 0x8b && (unsigned char)rest.ptr[2] <= 0x8f;
        strbuf_clear(&shown);
        size_t bytes = escape_terminal_first(&shown, rest);
        plain = joins || sv_eq(strbuf_view(&shown), sv_slice(rest, 0, bytes));
        at += plain ? bytes : 0;
    }
    strbuf_release(&shown);
    if (!plain) {
        err_set(err, ERR_USAGE, "the %s holds a character that is not shown, at byte %zu", what,
                at);
        return err_hint(err, "write it on one line, without control characters");
    }
    return 0;
}

static int
check_declaration(struct sv scope, const struct declaration *said, struct err *err)
{
    if (sv_empty(sv_trim(said->title)))
        return err_set(err, ERR_USAGE, "a declared incident needs a title");
    if (said->from_ns < TIME_MIN_NS || said->from_ns > TIME_MAX_NS ||
        (said->to_ns != TIME_NONE && said->to_ns > TIME_MAX_NS))
        return err_set(err, ERR_USAGE, "a declared time must lie between 1970 and 2099");
    if (said->to_ns != TIME_NONE && said->to_ns <= said->from_ns)
        return err_set(err, ERR_USAGE, "the declared end is not after the start");
    if (check_line("scope", scope, err) != 0 || check_line("title", said->title, err) != 0 ||
        check_line("service", said->service, err) != 0 ||
        check_line("channel", said->channel, err) != 0)
        return -1;
    return check_line("name of who declares", said->declared_by, err);
}

int
casebook_declare(struct store *store, struct arena *arena, struct sv scope,
                 const struct declaration *declaration, struct sv *ret_id, struct err *err)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    /* The table keeps microseconds; what is hashed must be what is kept. */
    struct declaration said = *declaration;
    if (check_declaration(scope, &said, err) != 0)
        return -1;
    said.from_ns -= said.from_ns % NS_PER_US;
    time_format(said.from_ns, from);
    if (said.to_ns != TIME_NONE) {
        said.to_ns -= said.to_ns % NS_PER_US;
        time_format(said.to_ns, to);
    }
    struct sv id = declaration_id(arena, scope, &said);
    const char *values[] = {
        arena_strdup(arena, scope),          arena_strdup(arena, id),
        arena_strdup(arena, said.title),     from,
        said.to_ns == TIME_NONE ? NULL : to, text_or_null(arena, said.service),
        text_or_null(arena, said.channel),   text_or_null(arena, said.declared_by),
    };
    if (store_do(store, QUERY_casebook_declare, values, 8, NULL, err) != 0)
        return -1;
    *ret_id = id;
    return 0;
}

int
casebook_declared(struct store *store, struct arena *arena, struct sv id, struct sv *ret_scope,
                  struct sv *ret_id, struct err *err)
{
    PGresult *result;
    const char *values[] = {arena_strdup(arena, id)};
    if (store_sql(store, QUERY_casebook_declared, values, 1, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    if (rows == 1) {
        *ret_scope = column_text(arena, result, 0, 0);
        *ret_id = column_text(arena, result, 0, 1);
    }
    PQclear(result);
    if (rows == 1)
        return 0;
    return err_set(err, ERR_NOT_FOUND, "there is no declaration '" SV_FMT "'%s", SV_ARG(id),
                   rows == 0 ? "" : ": more than one begins so");
}
