/*
 * Making pseudonyms and knowing them again: see pseudonym.h.
 */
#include "report/redact/pseudonym.h"

#include "base/sha256.h"

#define BLOCK 64     /* of SHA-256 */
#define DIGITS_MAX 6 /* what is longer hides something else */

/* HMAC (RFC 2104) of kind and key. */
static void
keyed(struct sv secret, struct sv kind, struct sv key, struct sha256 *ret_digest)
{
    unsigned char inner[BLOCK] = {0}, outer[BLOCK];
    struct sha256 digest;
    if (secret.len > BLOCK) {
        sha256_of(secret.ptr, secret.len, &digest);
        memcpy(inner, digest.bytes, SHA256_BYTES);
    } else {
        memcpy(inner, secret.ptr, secret.len);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5C;
        inner[i] ^= 0x36;
    }
    const struct sha256_part first[] = {
        {inner, BLOCK}, {kind.ptr, kind.len}, {"", 1}, {key.ptr, key.len}};
    sha256_of_parts(first, 4, &digest);
    const struct sha256_part second[] = {{outer, BLOCK}, {digest.bytes, SHA256_BYTES}};
    sha256_of_parts(second, 2, ret_digest);
}

/* A role that another person had before gets a number. */
static struct sv
role_shown(struct names *names, const struct identity *identity)
{
    size_t count = 1;
    for (size_t slot = 0; slot < NAMES_TABLE; slot++)
        for (const struct identity *other = names->identities[slot]; other != NULL;
             other = other->next)
            count +=
                other != identity && other->shown.ptr != NULL && sv_eq(other->role, identity->role);
    if (count == 1)
        return identity->role;
    return arena_printf(&names->arena, SV_FMT " %zu", SV_ARG(identity->role), count);
}

struct sv
pseudonym_make(struct names *names, const struct identity *identity)
{
    enum redact_kind kind = identity->kind;
    const char *label = redact_kind_info(kind)->label;
    if (kind == REDACT_WORD && !sv_empty(identity->role))
        return identity->role;
    if (kind == REDACT_PERSON && names->policy->show[kind] == SHOW_ROLES &&
        !sv_empty(identity->role))
        return role_shown(names, identity);
    if (!redact_kind_is_numbered(kind))
        return sv_from(label);
    if (sv_empty(names->policy->key))
        return arena_printf(&names->arena, "%s%u", label, ++names->numbers[kind]);
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    keyed(names->policy->key, sv_from(redact_kind_info(kind)->word), identity->key, &digest);
    sha256_hex(&digest, hex);
    return arena_printf(&names->arena, "%s%.*s", label, PSEUDONYM_HEX, hex);
}

/* ---- knowing them again ---- */

static bool
is_word_char(struct sv text, size_t at)
{
    unsigned char c = at < text.len ? (unsigned char)text.ptr[at] : ' ';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c >= 0x80 || c == '_';
}

/* Digits, or as many hexadecimal ones as a key makes. */
static size_t
number_at(struct sv text, size_t at)
{
    size_t digits = 0, hex = 0;
    for (; at + hex < text.len; hex++) {
        char c = text.ptr[at + hex];
        bool digit = c >= '0' && c <= '9';
        digits += digit;
        if (!digit && (c < 'a' || c > 'f'))
            break;
    }
    return hex == PSEUDONYM_HEX || (digits == hex && hex <= DIGITS_MAX) ? hex : 0;
}

static bool
starts_at(struct sv text, size_t at, struct sv what)
{
    return what.len > 0 && sv_starts(sv_slice(text, at, text.len), what);
}

static size_t
role_at(struct sv text, size_t at, struct sv role)
{
    if (!starts_at(text, at, role))
        return 0;
    size_t end = at + role.len;
    size_t number = end < text.len && text.ptr[end] == ' ' ? number_at(text, end + 1) : 0;
    if (number > 0 && !is_word_char(text, end + 1 + number))
        return role.len + 1 + number;
    return is_word_char(text, end) ? 0 : role.len;
}

static size_t
label_at(struct sv text, size_t at, enum redact_kind kind)
{
    struct sv label = sv_from(redact_kind_info(kind)->label);
    if (!starts_at(text, at, label))
        return 0;
    if (!redact_kind_is_numbered(kind))
        return label.len;
    size_t number = number_at(text, at + label.len);
    return number == 0 || is_word_char(text, at + label.len + number) ? 0 : label.len + number;
}

static size_t
longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

size_t
pseudonym_at(const struct names *names, struct sv text, size_t at)
{
    const struct redact_policy *policy = names->policy;
    size_t most = starts_at(text, at, SV(NAMES_SEVERAL)) ? sizeof(NAMES_SEVERAL) - 1 : 0;
    if (at > 0 && is_word_char(text, at - 1))
        return 0;
    for (enum redact_kind kind = 0; kind < REDACT_KINDS; kind++)
        most = longer(most, label_at(text, at, kind));
    for (size_t i = 0; i < policy->words.count; i++)
        most = longer(most, role_at(text, at, policy->words.list[i].shown));
    if (policy->show[REDACT_PERSON] != SHOW_ROLES)
        return most;
    for (size_t i = 0; i < names->role_count; i++)
        most = longer(most, role_at(text, at, names->roles[i]));
    for (size_t i = 0; i < policy->roles.count; i++)
        most = longer(most, role_at(text, at, policy->roles.list[i].shown));
    return most;
}

bool
pseudonym_is_one(const struct names *names, struct sv text)
{
    return text.len > 0 && pseudonym_at(names, text, 0) == text.len;
}
