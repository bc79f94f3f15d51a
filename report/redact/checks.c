/*
 * Checks: see checks.h.
 */
#include "report/redact/checks.h"

#include <arpa/inet.h>

#define MIXED_DISTINCT 10 /* different characters */
#define MIXED_CHANGES 4   /* from one of digits, capitals, small letters to another */
/* The longest part without punctuation: names of pods and paths have short ones. */
#define MIXED_RUN 12
#define MIXED_RUN_ONE_CASE 20
#define ADDRESS_MAX 64

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* ISO/IEC 7812-1, annex B. */
static bool
luhn(struct sv text)
{
    int sum = 0, count = 0;
    for (size_t i = text.len; i > 0; i--) {
        if (!is_digit(text.ptr[i - 1]))
            continue;
        int digit = text.ptr[i - 1] - '0';
        if (count++ % 2 == 1)
            digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return count >= 13 && count <= 19 && sum % 10 == 0;
}

static int
iban_add(int rest, char c)
{
    if (is_digit(c))
        return (rest * 10 + (c - '0')) % 97;
    return is_upper(c) ? (rest * 100 + (c - 'A' + 10)) % 97 : rest;
}

/* ISO 13616: country and check digits go to the end; letters are two digits; the rest is 1. */
static bool
iban(struct sv text)
{
    int rest = 0;
    size_t count = 0;
    for (size_t i = 4; i < text.len; i++) {
        rest = iban_add(rest, text.ptr[i]);
        count += is_digit(text.ptr[i]) || is_upper(text.ptr[i]);
    }
    for (size_t i = 0; i < 4 && i < text.len; i++)
        rest = iban_add(rest, text.ptr[i]);
    return count >= 11 && count <= 30 && rest == 1;
}

/* Times of day and names of C++ are no addresses: one of version 6 has "::" or eight groups. */
static bool
ip(struct sv text)
{
    char address[ADDRESS_MAX];
    unsigned char bytes[16];
    size_t digits = 0;
    if (text.len >= sizeof(address))
        return false;
    memcpy(address, text.ptr, text.len);
    address[text.len] = '\0';
    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.ptr[i]);
    return inet_pton(AF_INET, address, bytes) == 1 ||
           (digits > 0 && inet_pton(AF_INET6, address, bytes) == 1);
}

static int
class_of(char c)
{
    return is_digit(c) ? 0 : is_upper(c) ? 1 : is_lower(c) ? 2 : 3;
}

struct mixture {
    bool seen[256], has[4], hex;
    size_t distinct, changes, run, longest; /* run: of letters and digits */
    int before;
};

static void
mix(struct mixture *mixture, char c)
{
    int class = class_of(c);
    mixture->distinct += !mixture->seen[(unsigned char)c];
    mixture->seen[(unsigned char)c] = mixture->has[class] = true;
    mixture->changes += class != 3 && mixture->before != 3 && class != mixture->before;
    mixture->before = class;
    mixture->run = class == 3 ? 0 : mixture->run + 1;
    mixture->longest = mixture->run > mixture->longest ? mixture->run : mixture->longest;
    mixture->hex &= class == 0 || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A number, a digest, or a word: what paths and keys of ours ("TIME/SOURCE/UID") consist of. */
static bool
is_plain(struct sv part)
{
    bool digits = true, hex = true, capitals = false;
    int changes = 0, before = 3;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        int class = class_of(c);
        digits = digits && is_digit(c);
        hex = hex && (is_digit(c) || (c >= 'a' && c <= 'f'));
        capitals = capitals || is_upper(c);
        changes += class != 3 && before != 3 && class != before;
        before = class;
    }
    return digits || hex || (!capitals && changes <= 1); /* "file-1", "web03" */
}

static bool
parts_are_plain(struct sv text)
{
    struct sv part;
    bool plain = sv_find_char(text, '/') != SIZE_MAX;
    while (plain && sv_split(&text, '/', &part))
        plain = is_plain(part);
    return plain;
}

/* Letters and digits mixed as no language and no numbering does. Hexadecimal is another kind. */
static bool
mixed(struct sv text)
{
    struct mixture m = {.hex = true, .before = 3};
    if (parts_are_plain(text))
        return false;
    for (size_t i = 0; i < text.len; i++)
        mix(&m, text.ptr[i]);
    bool cases = m.has[1] && m.has[2];
    return !m.hex && m.has[0] && (m.has[1] || m.has[2]) && m.distinct >= MIXED_DISTINCT &&
           m.longest >= (cases ? MIXED_RUN : MIXED_RUN_ONE_CASE) && m.changes >= MIXED_CHANGES;
}

bool
redact_check_find(struct sv word, redact_check **ret_check)
{
    static const struct {
        const char *word;
        redact_check *check;
    } checks[] = {{"-", NULL}, {"luhn", luhn}, {"iban", iban}, {"ip", ip}, {"mixed", mixed}};
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        if (sv_eq(word, sv_from(checks[i].word))) {
            *ret_check = checks[i].check;
            return true;
        }
    return false;
}
