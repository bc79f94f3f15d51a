/*
 * Declaring an incident by hand. The id is a hash of what was said, so that saying the same again
 * changes nothing, and a rebuild on another machine names it alike. Called by `declare` and `draft`
 * on the main thread.
 */
#include "base/text/json_writer.h"
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
    return text.ptr == NULL ? NULL : arena_strdup(arena, text);
}

int
casebook_declare(struct store *store, struct arena *arena, struct sv scope,
                 const struct declaration *declaration, struct sv *ret_id, struct err *err)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    /* The table keeps microseconds; what is hashed must be what is kept. */
    struct declaration said = *declaration;
    if (sv_empty(sv_trim(said.title)))
        return err_set(err, ERR_USAGE, "a declared incident needs a title");
    if (said.to_ns != TIME_NONE && said.to_ns <= said.from_ns)
        return err_set(err, ERR_USAGE, "the declared end is not after the start");
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
