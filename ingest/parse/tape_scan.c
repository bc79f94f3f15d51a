/*
 * Scanning JSON into a tape: see tape.h. Called for every JSON record, on the thread of its worker;
 * the hottest loop of the program.
 */
#include <assert.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "ingest/parse/tape_known.h"
#include "ingest/parse/tape_private.h"

#define MEMBERS_FIRST 48
#define DIGITS_MAX 18 /* a longer number, or one with an exponent, goes by way of a tree */

/*
 * The text that is scanned is a copy with zeros behind it: no text holds a zero, so every loop ends
 * there by itself, and a load of 16 bytes is always allowed.
 */
#define PADDING 64 /* at least KNOWN_BYTES */

struct scanner {
    struct arena *arena;
    struct tape *tape;
    enum tree_problem problem;
    unsigned keys;   /* so far */
    bool bad_escape; /* stands for nothing storable */
};

static const char *container(struct scanner *s, const char *at, int field, unsigned depth);

static const char *
broken(struct scanner *s, enum tree_problem problem)
{
    if (s->problem == TREE_FINE)
        s->problem = problem;
    return NULL;
}

static inline const char *
blanks(const char *at)
{
    if ((unsigned char)*at > ' ')
        return at;
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
        at++;
    return at;
}

/* ---- strings ---- */

/* The first quote, backslash or control character at or after `at`. */
static inline const char *
string_stop(const char *at)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    for (;; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        unsigned found = (unsigned)_mm_movemask_epi8(stop);
        if (found != 0)
            return at + __builtin_ctz(found);
    }
#else
    while (*at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
#endif
}

/* The escape at `at` (a backslash): where it ends, NULL when it is none. */
static const char *
escape(struct scanner *s, const char *at)
{
    if (memchr("\"\\/bfnrtu", at[1], 9) == NULL)
        return broken(s, TREE_SYNTAX);
    if (at[1] != 'u')
        return at + 2;
    size_t length = 0;
    struct sv rest = sv_of(at, 12);
    if (tree_escape_unit(rest) < 0)
        return broken(s, TREE_SYNTAX);
    s->bad_escape |= tree_escape_bad(rest, &length);
    return at + length;
}

/* `at` is the first character that stopped a string; returns the closing quote. */
static const char *
string_rest(struct scanner *s, const char *at)
{
    while (*at != '"') {
        if (*at != '\\' || (at = escape(s, at)) == NULL)
            return broken(s, TREE_SYNTAX);
        at = string_stop(at);
    }
    return at;
}

/* `at` is behind the opening quote; returns the closing one. */
static inline const char *
string(struct scanner *s, const char *at, bool *ret_escaped)
{
    at = string_stop(at);
    *ret_escaped = *at == '\\';
    return *at == '"' ? at : string_rest(s, at);
}

/* ---- numbers and words ---- */

static inline const char *
digits(const char *at)
{
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* True if it would be another number for some readers. Nanoseconds since 1970 have nineteen digits.
 */
static inline bool
is_long(const char *from, const char *at)
{
    static const char most[] = "9223372036854775807";
    return at - from > DIGITS_MAX &&
           (at - from != sizeof(most) - 1 || memchr(from, '.', sizeof(most) - 1) != NULL ||
            *from == '-' || memcmp(from, most, sizeof(most) - 1) > 0);
}

static const char *
number(struct scanner *s, const char *at)
{
    const char *from = at, *whole = at + (*at == '-');
    at = digits(whole);
    if (at == whole || (*whole == '0' && at > whole + 1))
        return broken(s, TREE_SYNTAX);
    if (*at == '.') {
        const char *fraction = at + 1;
        at = digits(fraction);
        if (at == fraction)
            return broken(s, TREE_SYNTAX);
    }
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;
        exponent += *exponent == '+' || *exponent == '-';
        at = digits(exponent);
        if (at == exponent)
            return broken(s, TREE_SYNTAX);
        s->tape->odd = true;
    }
    s->tape->odd |= is_long(from, at);
    return at;
}

static const char *
word(struct scanner *s, const char *at, const char *text, size_t len)
{
    return memcmp(at, text, len) == 0 ? at + len : broken(s, TREE_SYNTAX);
}

/* ---- values ---- */

/* Anything but a string. */
static const char *
other_value(struct scanner *s, const char *at, int field, unsigned depth, enum tape_type *ret_type)
{
    switch (*at) {
    case '{':
        *ret_type = TAPE_OBJECT;
        return container(s, at, field, depth + 1);
    case '[':
        *ret_type = TAPE_ARRAY;
        return container(s, at, FIELD_NONE, depth + 1);
    case 't':
        *ret_type = TAPE_TRUE;
        return word(s, at, "true", 4);
    case 'f':
        *ret_type = TAPE_FALSE;
        return word(s, at, "false", 5);
    case 'n':
        *ret_type = TAPE_NULL;
        return word(s, at, "null", 4);
    default:
        *ret_type = TAPE_NUMBER;
        return number(s, at);
    }
}

static inline const char *
value(struct scanner *s, const char *at, int field, unsigned depth, struct tape_value *ret_value)
{
    if (*at == '"') {
        bool escaped;
        const char *end = string(s, at + 1, &escaped);
        if (end == NULL)
            return NULL;
        *ret_value = (struct tape_value){at + 1, (uint32_t)(end - at - 1), TAPE_STRING, escaped,
                                         (uint8_t)depth};
        return end + 1;
    }
    enum tape_type type;
    const char *end = other_value(s, at, field, depth, &type);
    if (end != NULL)
        *ret_value =
            (struct tape_value){at, (uint32_t)(end - at), (uint8_t)type, false, (uint8_t)depth};
    return end;
}

/* ---- members ---- */

static void
more_members(struct scanner *s)
{
    struct tape *tape = s->tape;
    size_t size = tape->size == 0 ? MEMBERS_FIRST : tape->size * 2;
    struct tape_member *larger = arena_alloc(s->arena, size * sizeof(*larger));
    if (tape->count > 0)
        memcpy(larger, tape->members, tape->count * sizeof(*larger));
    tape->members = larger;
    tape->size = size;
}

static inline bool
add_member(struct scanner *s, const char *from, const char *to, int field, unsigned type)
{
    struct tape *tape = s->tape;
    if (tape->count == TAPE_MEMBERS_MAX)
        return broken(s, TREE_TOO_MANY) != NULL;
    if (tape->count == tape->size)
        more_members(s);
    tape->members[tape->count++] = (struct tape_member){from, to, field, (uint8_t)type};
    return true;
}

static __attribute__((noinline)) struct tape_value *
far_place(struct scanner *s, int field, unsigned depth, struct tape_value *nowhere)
{
    struct tape_value *found = tape_far_find(s->tape, field);
    if (found == NULL)
        return tape_far_add(s->arena, s->tape, field);
    return found->depth < depth ? nowhere : found;
}

/* Where the value of a member goes: written there at once, since a copy would wait for its parts.
 */
static inline struct tape_value *
place_for(struct scanner *s, int field, unsigned depth, struct tape_value *nowhere)
{
    struct tape *tape = s->tape;
    if ((unsigned)field >= TAPE_NEAR)
        return field == FIELD_NONE ? nowhere : far_place(s, field, depth, nowhere);
    if (tape_present(tape, field) && tape->values[field].depth < depth)
        return nowhere;
    tape->present[field / 64] |= UINT64_C(1) << (field % 64);
    return &tape->values[field];
}

static int
escaped_field(struct scanner *s, int parent, struct sv key)
{
    return s->bad_escape ? FIELD_NONE : tape_field_below(parent, tape_unescaped(s->arena, key));
}

/* From the quote of a key to behind its colon. */
static const char *
new_key(struct scanner *s, const char *at, int parent, struct known_key *known, int *ret_field)
{
    const char *from = at;
    bool escaped;
    int field = FIELD_NONE;
    if (*at != '"' || (at = string(s, at + 1, &escaped)) == NULL)
        return broken(s, TREE_SYNTAX);
    if (parent != FIELD_NONE) {
        struct sv key = sv_of(from + 1, (size_t)(at - from - 1));
        field = escaped ? escaped_field(s, parent, key) : tape_field_below(parent, key);
    }
    at = blanks(at + 1);
    if (*at != ':')
        return broken(s, TREE_SYNTAX);
    if (!escaped && known != NULL)
        know_key(known, from, at + 1, parent, field);
    *ret_field = field;
    return at + 1;
}

static inline const char *
member(struct scanner *s, const char *at, int parent, unsigned depth)
{
    struct tape_value nowhere;
    struct known_key *known = s->keys < KNOWN_KEYS ? &known_keys[s->keys++] : NULL;
    const char *from = at, *end = known == NULL ? NULL : known_key_end(known, at, parent);
    int field;
    if (end != NULL)
        field = known->field;
    else if ((end = new_key(s, at, parent, known, &field)) == NULL)
        return NULL;
    struct tape_value *found = place_for(s, field, depth, &nowhere);
    at = value(s, blanks(end), field, depth, found);
    if (at != NULL && depth == 1 && !add_member(s, from, at, field, found->type))
        return NULL;
    return at;
}

static inline const char *
element(struct scanner *s, const char *at, unsigned depth)
{
    struct tape_value found;
    const char *from = at;
    at = value(s, at, FIELD_NONE, depth, &found);
    if (at != NULL && depth == 1 && !add_member(s, from, at, FIELD_NONE, found.type))
        return NULL;
    return at;
}

/* An object or array from its bracket on; `depth` is that of its members. */
static const char *
container(struct scanner *s, const char *at, int field, unsigned depth)
{
    bool object = *at == '{';
    char close = object ? '}' : ']';
    if (depth > JSON_DEPTH_MAX)
        return broken(s, TREE_TOO_DEEP);
    at = blanks(at + 1);
    if (*at == close)
        return at + 1;
    for (;;) {
        at = object ? member(s, at, field, depth) : element(s, at, depth);
        if (at == NULL)
            return NULL;
        at = blanks(at);
        if (*at == close)
            return at + 1;
        if (*at != ',')
            return broken(s, TREE_SYNTAX);
        at = blanks(at + 1);
    }
}

/* ---- the whole text ---- */

static enum tree_problem
scan(struct arena *arena, struct sv text, struct tape *tape, bool *ret_bad_escape)
{
    struct scanner s = {.arena = arena, .tape = tape};
    struct tape_value whole;
    known_keys_check(tape_edge_count());
    char *copy = arena_alloc(arena, text.len + PADDING);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    memset(copy + text.len, 0, PADDING);
    tape->text = sv_of(copy, text.len);
    tape->members = NULL;
    tape->count = tape->size = 0;
    tape->odd = false;
    memset(tape->present, 0, sizeof(tape->present));
    tape->far = NULL;
    tape->far_count = tape->far_size = 0;
    const char *at = value(&s, blanks(copy), FIELD_ROOT, 0, &whole);
    if (at != NULL && blanks(at) != copy + text.len)
        (void)broken(&s, TREE_SYNTAX);
    tape->type = at == NULL ? TAPE_NULL : whole.type;
    *ret_bad_escape = s.bad_escape;
    return s.problem;
}

/* A number that is too large for a double is bad JSON here as it is for jansson. */
static enum tree_problem
look_again(struct arena *arena, const struct tape *tape)
{
    enum tree_problem problem;
    json_t *tree = tree_parse(arena, tape->text, &problem);
    json_decref(tree);
    return problem;
}

enum tree_problem
tape_scan(struct arena *arena, struct sv text, struct tape *ret_tape)
{
    bool bad_escape = false;
    assert(ret_tape != NULL && text.len <= UINT32_MAX);
    text = utf8_repair(arena, text);
    enum tree_problem problem = scan(arena, text, ret_tape, &bad_escape);
    if (problem == TREE_FINE && bad_escape)
        problem = scan(arena, tree_escapes_repaired(arena, text), ret_tape, &bad_escape);
    if (problem == TREE_FINE && ret_tape->odd)
        problem = look_again(arena, ret_tape);
    return problem;
}
