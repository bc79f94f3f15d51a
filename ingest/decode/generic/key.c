/*
 * Keys: see key.h.
 */
#include "ingest/decode/generic/key.h"

#include <assert.h>

static bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "eventTime" has a border before the T, "HTTPStatus" before the S. */
static bool
begins_word(struct sv text, size_t at)
{
    if (at == 0 || !is_upper(text.ptr[at]))
        return false;
    char before = text.ptr[at - 1];
    return is_lower(before) || (is_upper(before) && at + 1 < text.len && text.ptr[at + 1] >= 'a' &&
                                text.ptr[at + 1] <= 'z');
}

bool
key_read(struct sv text, struct key *ret_key)
{
    bool border = true;
    ret_key->len = ret_key->words = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_upper(c) && !is_lower(c)) {
            border = true;
            continue;
        }
        if (ret_key->len == KEY_BYTES_MAX)
            return false;
        if (border || begins_word(text, i)) {
            if (ret_key->words == KEY_WORDS_MAX)
                return false;
            ret_key->starts[ret_key->words++] = (uint8_t)ret_key->len;
        }
        border = false;
        ret_key->text[ret_key->len++] = is_upper(c) ? (char)(c | 0x20) : c;
    }
    ret_key->starts[ret_key->words] = (uint8_t)ret_key->len;
    return ret_key->words > 0;
}

bool
key_join(const struct key *parent, const struct key *child, struct key *ret_key)
{
    if (parent->len + child->len > KEY_BYTES_MAX || parent->words + child->words > KEY_WORDS_MAX)
        return false;
    *ret_key = *parent;
    memcpy(ret_key->text + parent->len, child->text, child->len);
    for (size_t i = 0; i <= child->words; i++)
        ret_key->starts[parent->words + i] = (uint8_t)(parent->len + child->starts[i]);
    ret_key->words += child->words;
    ret_key->len += child->len;
    return true;
}

struct sv
key_all(const struct key *key)
{
    return sv_of(key->text, key->len);
}

struct sv
key_word(const struct key *key, size_t number)
{
    assert(number < key->words);
    return sv_of(key->text + key->starts[number],
                 (size_t)(key->starts[number + 1] - key->starts[number]));
}

struct sv
key_before(const struct key *key, size_t number)
{
    assert(number <= key->words);
    return sv_of(key->text, key->starts[number]);
}

struct sv
key_from(const struct key *key, size_t number)
{
    assert(number <= key->words);
    return sv_of(key->text + key->starts[number], key->len - key->starts[number]);
}
