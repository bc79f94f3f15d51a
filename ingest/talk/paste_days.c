/*
 * Days of pasted messages: see paste_days.h.
 */
#include "ingest/talk/paste_days.h"

#include "ingest/talk/paste_noise.h"

#define HALF_A_DAY 43200

/* A date stands there, and a message or another divider comes next. */
static bool
is_divider(const struct paste_heads *heads, size_t line, struct talk_date *ret_date)
{
    int number;
    struct talk_date next;
    if (heads->lines[line].head >= 0 || heads->lines[line].stamped ||
        !talk_date_line(heads->lines[line].text, ret_date))
        return false;
    for (size_t i = line + 1; i < heads->line_count; i++) {
        struct sv text = heads->lines[i].text;
        if (heads->lines[i].head >= 0)
            return true;
        if (!sv_empty(text) && paste_noise_of(text, &number) != NOISE_LINE)
            return talk_date_line(text, &next);
    }
    return true;
}

static void
learn_order(struct paste_days *days, const struct talk_date *date, bool *points)
{
    if (!date->numbers || date->between == '.')
        return;
    if (date->month > 12)
        days->order = ORDER_DAY_FIRST;
    else if (date->day > 12)
        days->order = ORDER_MONTH_FIRST;
    else if (talk_date_open(date))
        *points = true;
}

/* Only numbers that could be either, all along: most who write so mean this. */
static enum talk_order
usual_order(const struct paste_heads *heads)
{
    for (size_t i = 0; i < heads->head_count; i++) {
        const struct talk_date *date = &heads->heads[i].stamp.date;
        if (heads->heads[i].taken && date->numbers && date->between != '/')
            return ORDER_DAY_FIRST;
    }
    return heads->half_days ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
}

void
paste_days_init(struct paste_days *days, const struct paste_heads *heads,
                const struct talk_hints *hints)
{
    *days = (struct paste_days){.heads = heads, .near = hints->near, .before = -1};
    bool points = false;
    for (size_t i = 0; i < heads->line_count; i++) {
        struct talk_date date;
        const struct paste_head *head = paste_head_at(heads, i);
        if (head != NULL) {
            date = head->stamp.date;
            days->heads_dated = days->heads_dated || date.form != DATE_NONE;
            learn_order(days, &date, &points);
        } else if (is_divider(heads, i, &date)) {
            learn_order(days, &date, &points);
        }
    }
    if (days->order == ORDER_UNKNOWN && points) {
        days->order = usual_order(heads);
        days->order_assumed = true;
    }
    days->current = hints->day;
    days->today = hints->day.how != DAY_NONE ? hints->day : hints->near;
    if (days->today.how != DAY_NONE)
        days->today.how = DAY_ASSUMED;
}

static struct talk_day
resolved(const struct paste_days *days, const struct talk_date *date)
{
    struct talk_day day, near = days->near;
    bool told = days->current.how == DAY_WRITTEN || days->current.how == DAY_NO_YEAR;
    if (told && date->form == DATE_NO_YEAR)
        near = talk_day_after(days->current);
    (void)talk_day_of(date, days->order, near, &day); /* DAY_NONE says so as well */
    if (talk_date_open(date) && days->order_assumed && day.how != DAY_NONE)
        day.how = DAY_ASSUMED;
    return day;
}

static void
next_clock(struct paste_days *days, const struct talk_clock *clock)
{
    int now = talk_clock_seconds(clock);
    if (days->before >= 0 && now < days->before - HALF_A_DAY)
        days->current = talk_day_later(days->current, 1);
    days->before = now;
}

struct talk_day
paste_days_of(struct paste_days *days, const struct talk_stamp *stamp)
{
    if (stamp->date.form != DATE_NONE) {
        days->current = resolved(days, &stamp->date);
        days->divided = false;
    } else if (days->heads_dated && !days->divided) {
        days->current = days->today;
    } else {
        next_clock(days, &stamp->clock);
    }
    days->before = talk_clock_seconds(&stamp->clock);
    return days->current;
}

void
paste_days_goes_on(struct paste_days *days, struct talk_message *message)
{
    next_clock(days, &message->clock);
    message->day = days->current;
}

bool
paste_days_divider(struct paste_days *days, size_t line)
{
    struct talk_date date;
    if (!is_divider(days->heads, line, &date))
        return false;
    days->current = resolved(days, &date);
    days->divided = true;
    days->before = -1;
    return true;
}
