/*
 * Times in the head of a line: see head_tokens.h. Pure functions.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/head_private.h"

/* "@4000000065e5b2f02a0b1c2d": TAI64N, as multilog and svlogd write it; their clocks count ten
 * seconds more than UTC did, without leap seconds. */
static size_t
tai64n_time(struct sv text, struct read_time *ret_time)
{
    static const uint64_t epoch = (UINT64_C(1) << 62) + 10;
    uint64_t seconds = 0, rest = 0;
    if (char_at(text, 0) != '@' || text.len < 25 || text.ptr[1] != '4')
        return 0;
    for (size_t i = 1; i <= 24; i++) {
        char c = text.ptr[i];
        uint64_t value = is_digit(c) ? (uint64_t)(c - '0') : (uint64_t)((c | 0x20) - 'a' + 10);
        if (value > 15)
            return 0;
        if (i <= 16)
            seconds = seconds << 4 | value;
        else
            rest = rest << 4 | value;
    }
    int64_t ns = 0;
    if (seconds < epoch || rest >= (uint64_t)NS_PER_S ||
        !time_of_units((int64_t)(seconds - epoch), NS_PER_S, (int64_t)rest, &ns))
        return 0;
    *ret_time =
        (struct read_time){ns, PRECISION_NANOSECOND, TIME_SOURCE_NATIVE, sv_slice(text, 0, 25)};
    return 25;
}

size_t
head_time(struct sv text, const struct time_hints *hints, bool clock, bool epoch,
          struct read_time *ret_time)
{
    size_t length = 0;
    if (char_at(text, 0) == '@') {
        length = tai64n_time(text, ret_time);
        return length > 0 && head_ends(text, length) ? length : 0;
    }
    if (char_at(text, 0) == '[' || !times_read_prefix(text, hints, ret_time, &length))
        return 0;
    bool alone = ret_time->source == TIME_SOURCE_ASSUMED_DATE &&
                 (text.ptr[1] == ':' || char_at(text, 2) == ':');
    bool bare = ret_time->source == TIME_SOURCE_NATIVE && length >= 10 &&
                head_all(sv_slice(text, 0, 10), is_digit);
    return (alone && !clock) || (bare && !epoch) ? 0 : length;
}

/* "E0310 15:04:12.123456": a letter right before a date of four or eight digits. */
bool
head_read_glog(const struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line, rest = sv_slice(line, 1, line.len);
    char dated[32];
    struct read_time time;
    size_t digits = 0, length = 0;
    while (is_digit(char_at(rest, digits)))
        digits++;
    if (reader->at != 0 || head_letter_level(char_at(line, 0)) == 0 ||
        (digits != 4 && digits != 8) || char_at(rest, digits) != ' ' ||
        !is_digit(char_at(rest, digits + 1)))
        return false;
    if (digits == 4) { /* as "03-10 15:04:12.123456" it is read like any other */
        size_t size = rest.len < 25 ? rest.len : 25;
        memcpy(dated, rest.ptr, 2);
        dated[2] = '-';
        memcpy(dated + 3, rest.ptr + 2, size - 2);
        if (!times_read_prefix(sv_of(dated, size + 1), reader->hints, &time, &length))
            return false;
        length--;
    } else if (!times_read_prefix(rest, reader->hints, &time, &length)) {
        return false;
    }
    head_set_level(token, sv_slice(line, 0, 1), head_letter_level(line.ptr[0]));
    token->to = 1 + length;
    token->time = time;
    token->time.text = sv_slice(line, 1, 1 + length);
    return true;
}
