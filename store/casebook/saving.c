/*
 * Sending rows to be saved, in pieces, and the digest that tells whether an incident changed; see
 * saving.h. Called by the files that save, within the transaction of casebook_save().
 */
#include "store/casebook/saving.h"

/* A statement's parameter stays well below what jsonb can hold (255 MiB). */
#define PIECE_BYTES ((size_t)8 << 20)

int
saving_check(const struct strbuf *buf, struct err *err)
{
    if (!buf->overflow)
        return 0;
    return err_set(err, ERR_LIMIT, "an incident is larger than %zu MiB", buf->max >> 20);
}

void
saving_begin(struct saving *saving)
{
    strbuf_clear(&saving->rows);
    strbuf_add_char(&saving->rows, '[');
}

int
saving_send(struct saving *saving, enum query query, struct err *err)
{
    strbuf_add_char(&saving->rows, ']');
    if (saving_check(&saving->rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, saving->rows.ptr};
    int status = store_do(saving->store, query, values, 2, NULL, err);
    saving_begin(saving);
    return status;
}

int
saving_send_piece(struct saving *saving, enum query query, struct err *err)
{
    return saving->rows.len > PIECE_BYTES ? saving_send(saving, query, err) : 0;
}

int
saving_send_rest(struct saving *saving, enum query query, struct err *err)
{
    return saving->rows.len > 1 ? saving_send(saving, query, err) : 0;
}

int
casebook_digest(struct sv scope, const struct incident *incident, struct strbuf *scratch,
                char ret_hex[SHA256_HEX + 1], struct err *err)
{
    struct sha256 digest;
    strbuf_clear(scratch);
    casebook_canonical_incident(scope, incident, scratch);
    if (saving_check(scratch, err) != 0)
        return -1;
    sha256_of(scratch->ptr, scratch->len, &digest);
    sha256_hex(&digest, ret_hex);
    return 0;
}
