/*
 * Members that places and rows share: see groups.h. Called by read.c and write.c.
 */
#include <stdio.h>

#include "base/text/json_writer.h"
#include "store/groups/groups.h"

void
groups_put_digest(struct strbuf *out, const char *name, const struct group_digest *digest)
{
    char hex[2 * GROUP_DIGEST_BYTES + 1];
    for (size_t i = 0; i < GROUP_DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest->bytes[i]);
    json_put(out, name, sv_of(hex, 2 * GROUP_DIGEST_BYTES));
}

void
groups_put_id(struct strbuf *out, const struct node_id *id)
{
    json_put_int(out, "t", id->first_ms);
    json_put(out, "s", id->source.ptr == NULL ? SV("") : id->source);
    json_put(out, "u", id->uid);
}

void
groups_put_hex(struct strbuf *out, const char *name, struct sv bytes)
{
    static const char digits[] = "0123456789abcdef";
    json_put_name(out, name);
    char *at = strbuf_room(out, 2 * bytes.len + 2);
    if (at == NULL)
        return;
    at[0] = at[2 * bytes.len + 1] = '"';
    for (size_t i = 0; i < bytes.len; i++) {
        at[2 * i + 1] = digits[(uint8_t)bytes.ptr[i] >> 4];
        at[2 * i + 2] = digits[(uint8_t)bytes.ptr[i] & 15];
    }
    strbuf_wrote(out, 2 * bytes.len + 2);
}
