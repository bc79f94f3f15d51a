/*
 * Times of day in what people say: see clock.h. Called while files are read and by decoders.
 */
#include "ingest/talk/clock.h"

static bool
digit(struct sv text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static size_t
one_of(struct sv text, size_t at, const char *const *list, size_t count)
{
    struct sv rest = sv_slice(text, at, text.len);
    for (size_t i = 0; i < count; i++)
        if (sv_starts(rest, sv_from(list[i])))
            return strlen(list[i]);
    return 0;
}

size_t
talk_blank(struct sv text, size_t at)
{
    /* U+00A0, U+2007, U+2009, U+202F, U+3000 */
    static const char *const blanks[] = {
        " ", "\t", "\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xAF", "\xE3\x80\x80"};
    if (at >= text.len || (text.ptr[at] > ' ' && (unsigned char)text.ptr[at] < 0x80))
        return 0;
    return one_of(text, at, blanks, sizeof(blanks) / sizeof(blanks[0]));
}

/* U+200B, U+200E, U+200F, U+202A to U+202E, U+2060, U+2066 to U+2069, U+FEFF: of no width. */
static size_t
unseen(struct sv text, size_t at)
{
    static const char *const marks[] = {
        "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB",
        "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA0", "\xE2\x81\xA6",
        "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xEF\xBB\xBF"};
    if (at >= text.len || (unsigned char)text.ptr[at] < 0x80)
        return 0;
    return one_of(text, at, marks, sizeof(marks) / sizeof(marks[0]));
}

size_t
talk_skip_blanks(struct sv text, size_t at)
{
    for (size_t step = 1; step > 0; at += step) {
        step = talk_blank(text, at);
        if (step == 0)
            step = unseen(text, at);
        if (step == 0)
            break;
    }
    return at;
}

struct sv
talk_trim(struct sv text)
{
    if (text.ptr == NULL)
        return text;
    for (size_t before = SIZE_MAX; text.len < before;) {
        before = text.len;
        text = sv_slice(text, talk_skip_blanks(text, 0), text.len);
        while (text.len > 0 && sv_blank(text.ptr[0]))
            text = sv_slice(text, 1, text.len);
    }
    for (size_t len = text.len; len > 0; len = text.len) {
        if (sv_blank(text.ptr[len - 1])) {
            text.len = len - 1;
            continue;
        }
        /* What is cut off has two or three bytes, if it is not of ASCII. */
        for (size_t take = 2; take <= 3 && take <= len && text.len == len; take++)
            if (talk_blank(text, len - take) == take || unseen(text, len - take) == take)
                text.len = len - take;
        if (text.len == len)
            break;
    }
    return text;
}

int
talk_number(struct sv text, size_t *at, int most)
{
    int value = 0, count = 0;
    for (; count < most && digit(text, *at); count++, *at += 1)
        value = value * 10 + (text.ptr[*at] - '0');
    return count == 0 ? -1 : value;
}

static bool
letter(struct sv text, size_t at)
{
    if (at >= text.len)
        return false;
    char c = text.ptr[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* "AM", "pm", "a.m.", "p. m." behind the digits: where it ends, `at` when there is none. */
static size_t
half_day_end(struct sv text, size_t at, bool *ret_afternoon)
{
    size_t here = talk_skip_blanks(text, at);
    if (here >= text.len)
        return at;
    char half = (char)(text.ptr[here] | 0x20);
    if (half != 'a' && half != 'p')
        return at;
    size_t next = here + 1;
    bool dotted = next < text.len && text.ptr[next] == '.';
    if (dotted)
        next = talk_skip_blanks(text, next + 1);
    if (next >= text.len || (text.ptr[next] | 0x20) != 'm')
        return at;
    next++;
    if (dotted && next < text.len && text.ptr[next] == '.')
        next++;
    bool glued = (next < text.len && (unsigned char)text.ptr[next] < 0x80 && letter(text, next)) ||
                 digit(text, next);
    if (glued)
        return at;
    *ret_afternoon = half == 'p';
    return next;
}

/* Halves of the day that are said before the digits. */
static size_t
half_day_before(struct sv text, bool *ret_said, bool *ret_afternoon)
{
    static const struct {
        const char *word;
        bool afternoon;
    } words[] = {
        {"\xE5\x8D\x88\xE5\x89\x8D", false},                                      /* Japanese */
        {"\xE5\x8D\x88\xE5\xBE\x8C", true},  {"\xE4\xB8\x8A\xE5\x8D\x88", false}, /* Chinese */
        {"\xE4\xB8\x8B\xE5\x8D\x88", true},  {"\xEC\x98\xA4\xEC\xA0\x84", false}, /* Korean */
        {"\xEC\x98\xA4\xED\x9B\x84", true}};
    if (sv_empty(text) || (unsigned char)text.ptr[0] < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_starts(text, sv_from(words[i].word))) {
            *ret_said = true;
            *ret_afternoon = words[i].afternoon;
            return talk_skip_blanks(text, strlen(words[i].word));
        }
    return 0;
}

static size_t
fraction_end(struct sv text, size_t at, struct talk_clock *clock)
{
    int digits = 0;
    int32_t step = 100000000;
    for (at++; digit(text, at); at++, step /= 10, digits++)
        clock->nanosecond += (text.ptr[at] - '0') * step;
    clock->precision = digits <= 3   ? PRECISION_MILLISECOND
                       : digits <= 6 ? PRECISION_MICROSECOND
                                     : PRECISION_NANOSECOND;
    return at;
}

bool
talk_clock_read(struct sv text, struct talk_clock *ret_clock, size_t *ret_length)
{
    struct talk_clock clock = {.precision = PRECISION_MINUTE};
    bool afternoon = false;
    size_t at = half_day_before(text, &clock.half_day, &afternoon), from = at;
    clock.hour = talk_number(text, &at, 2);
    if (clock.hour < 0 || at >= text.len || text.ptr[at] != ':')
        return false;
    clock.padded = at - from == 2;
    from = ++at;
    clock.minute = talk_number(text, &at, 2);
    if (at - from != 2)
        return false;
    if (at < text.len && text.ptr[at] == ':') {
        from = ++at;
        clock.second = talk_number(text, &at, 2);
        if (at - from != 2)
            return false;
        clock.precision = PRECISION_SECOND;
        if (at < text.len && (text.ptr[at] == '.' || text.ptr[at] == ',') && digit(text, at + 1))
            at = fraction_end(text, at, &clock);
    }
    if (digit(text, at) || (at < text.len && text.ptr[at] == ':' && digit(text, at + 1)))
        return false;
    size_t half = half_day_end(text, at, &afternoon);
    clock.half_day = clock.half_day || half > at;
    if (clock.half_day && (clock.hour < 1 || clock.hour > 12))
        return false;
    if (clock.half_day)
        clock.hour = clock.hour % 12 + (afternoon ? 12 : 0);
    if (clock.hour > 23 || clock.minute > 59 || clock.second > 60)
        return false;
    *ret_clock = clock;
    *ret_length = half;
    return true;
}

int
talk_clock_seconds(const struct talk_clock *clock)
{
    return clock->hour * 3600 + clock->minute * 60 + clock->second;
}
