/*
 * The scopes of a batch: see news.h. Called for what correlation reads, which of log lines is
 * little; a batch mostly has one scope, found first.
 */
#include "store/delivery/news.h"

#include <assert.h>

#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "store/pg/copy.h"

static struct sv
name_at(const struct news *news, size_t at)
{
    const char *length = news->names.ptr + at;
    return sv_of(length + sizeof(uint32_t), get_be32(length));
}

static bool
known(struct news *news, struct sv scope)
{
    if (news->count == 0)
        return false;
    if (sv_eq(name_at(news, news->last), scope))
        return true;
    for (size_t at = 0; at < news->names.len;) {
        struct sv name = name_at(news, at);
        if (sv_eq(name, scope)) {
            news->last = at;
            return true;
        }
        at += sizeof(uint32_t) + name.len;
    }
    return false;
}

void
news_add(struct news *news, struct sv scope)
{
    assert(news->count <= NEWS_SCOPES_MAX);
    if (news->every || known(news, scope))
        return;
    /* A name that PostgreSQL would refuse must not take the batch with it. */
    if (news->count == NEWS_SCOPES_MAX || !utf8_storable(scope)) {
        news->every = true;
        return;
    }
    news->last = news->names.len;
    copy_bytes(&news->names, scope);
    news->count++;
}

void
news_clear(struct news *news)
{
    strbuf_clear(&news->names);
    news->count = news->last = 0;
    news->every = false;
}

void
news_put(const struct news *news, struct strbuf *out)
{
    if (news->every)
        copy_null(out);
    else
        copy_text_array(out, strbuf_view(&news->names), news->count);
}

void
news_put_json(const struct news *news, struct strbuf *out)
{
    if (news->every) {
        strbuf_add_text(out, "null");
        return;
    }
    strbuf_add_char(out, '[');
    for (size_t at = 0; at < news->names.len;) {
        struct sv name = name_at(news, at);
        json_put_comma(out);
        json_put_string(out, name);
        at += sizeof(uint32_t) + name.len;
    }
    strbuf_add_char(out, ']');
}
