/*
 * Local times as text: see local.h.
 */
#include "ingest/talk/local.h"

static struct sv
clock_text(struct arena *arena, const struct talk_clock *clock)
{
    static const int digits[] = {
        [PRECISION_NANOSECOND] = 9, [PRECISION_MICROSECOND] = 6, [PRECISION_MILLISECOND] = 3};
    if (clock->precision == PRECISION_MINUTE && clock->second == 0 && clock->nanosecond == 0)
        return arena_printf(arena, "%02d:%02d", clock->hour, clock->minute);
    bool fine = clock->precision == PRECISION_NANOSECOND ||
                clock->precision == PRECISION_MICROSECOND ||
                clock->precision == PRECISION_MILLISECOND;
    if (!fine)
        return arena_printf(arena, "%02d:%02d:%02d", clock->hour, clock->minute, clock->second);
    int count = digits[clock->precision];
    int32_t fraction = clock->nanosecond;
    for (int i = count; i < 9; i++)
        fraction /= 10;
    return arena_printf(arena, "%02d:%02d:%02d.%0*d", clock->hour, clock->minute, clock->second,
                        count, fraction);
}

static struct sv
zone_text(struct arena *arena, const struct talk_message *message)
{
    int32_t minutes = message->offset_s / 60, whole = minutes < 0 ? -minutes : minutes;
    if (!message->has_zone)
        return SV("");
    return arena_printf(arena, "%c%02d:%02d", minutes < 0 ? '-' : '+', (int)(whole / 60),
                        (int)(whole % 60));
}

struct sv
talk_local_text(struct arena *arena, const struct talk_message *message)
{
    struct talk_day day = message->day;
    bool own = message->has_zone && !message->has_offset && !message->bare;
    if (day.how == DAY_NONE || !message->has_clock || own)
        return SV_NONE;
    struct sv how = talk_day_text(arena, day);
    return arena_printf(arena, SV_FMT "T" SV_FMT SV_FMT SV_FMT, SV_ARG(sv_slice(how, 0, 10)),
                        SV_ARG(clock_text(arena, &message->clock)),
                        SV_ARG(zone_text(arena, message)), SV_ARG(sv_slice(how, 10, how.len)));
}

size_t
talk_zone_read(struct sv text, size_t at, int32_t *ret_offset_s)
{
    if (at < text.len && text.ptr[at] == 'Z') {
        *ret_offset_s = 0;
        return at + 1;
    }
    if (at >= text.len || (text.ptr[at] != '+' && text.ptr[at] != '-'))
        return at;
    size_t here = at + 1;
    int hours = talk_number(text, &here, 2);
    if (here != at + 3)
        return at;
    if (here < text.len && text.ptr[here] == ':')
        here++;
    size_t from = here;
    int minutes = talk_number(text, &here, 2);
    if (here - from != 2 || hours > 14 || minutes > 59)
        return at;
    *ret_offset_s = (hours * 3600 + minutes * 60) * (text.ptr[at] == '-' ? -1 : 1);
    return here;
}

bool
talk_local_read(struct sv text, struct talk_hints *hints)
{
    struct talk_clock clock;
    int32_t offset_s = 0;
    size_t length;
    struct sv how = text, when = SV_NONE;
    (void)sv_split(&how, ' ', &when);
    struct sv date = sv_slice(when, 0, 10), rest = sv_slice(when, 11, when.len);
    if (when.len < 16 || when.ptr[10] != 'T' || !talk_clock_read(rest, &clock, &length))
        return false;
    size_t end = talk_zone_read(rest, length, &offset_s);
    char day[40];
    size_t how_len = how.len > sizeof(day) - 12 ? sizeof(day) - 12 : how.len;
    memcpy(day, date.ptr, 10);
    day[10] = ' ';
    if (how_len > 0)
        memcpy(day + 11, how.ptr, how_len);
    struct talk_day found = talk_day_from_text(sv_of(day, how_len > 0 ? 11 + how_len : 10));
    if (end != rest.len || found.how == DAY_NONE)
        return false;
    hints->day = found;
    hints->clock = clock;
    hints->has_local = true;
    hints->has_zone = end > length;
    hints->offset_s = offset_s;
    return true;
}
