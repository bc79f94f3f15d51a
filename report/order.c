/*
 * Which of two rows came first: see order.h.
 */
#include "report/order.h"

static bool
same_clock(const struct entry *a, const struct entry *b)
{
    return sv_eq(a->source, b->source) && sv_eq(a->host, b->host) &&
           a->time_source == b->time_source;
}

/* NULL: nothing is known of it. Only times that a source told itself are its clock's. */
static const struct clock_interval *
clock_of(const struct draft *draft, const struct entry *entry)
{
    struct sv name = sv_empty(entry->host) ? entry->source : entry->host;
    size_t low = 0, high = draft->context->clock_count;
    if (entry->time_source != TIME_SOURCE_NATIVE)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(draft->context->clocks[middle].clock, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low < draft->context->clock_count && sv_eq(draft->context->clocks[low].clock, name);
    return found ? &draft->context->clocks[low] : NULL;
}

/*
 * By how much it may have happened before (or after) the time that is told; CLOCK_OPEN_US: nobody
 * knows. A clock with an open end that nothing says to be off is taken to be right.
 */
static int64_t
beside_us(const struct draft *draft, const struct entry *entry, bool before)
{
    const struct clock_interval *clock = clock_of(draft, entry);
    if (clock == NULL)
        return 0;
    bool open = clock->lo_us == -CLOCK_OPEN_US || clock->hi_us == CLOCK_OPEN_US;
    if (open && !clock->applies)
        return 0;
    if (before)
        return clock->hi_us;
    return -clock->lo_us;
}

/* Rows of one clock between which each is established to come after the one before it. */
static bool
is_chain(const struct entry *first, const struct entry *second)
{
    for (const struct entry *entry = first + 1; entry <= second; entry++)
        if (!entry->order_established || !same_clock(entry, first))
            return false;
    return first < second;
}

bool
order_is_known(const struct draft *draft, const struct entry *first, const struct entry *second)
{
    int64_t apart = second->time_ns - first->time_ns;
    if (first == second)
        return true;
    if (same_clock(first, second))
        return apart >= first->uncertainty_ns || is_chain(first, second);
    int64_t after = beside_us(draft, first, false), before = beside_us(draft, second, true);
    if (after == CLOCK_OPEN_US || before == CLOCK_OPEN_US)
        return false;
    return apart >= first->uncertainty_ns + second->uncertainty_ns + (after + before) * NS_PER_US;
}

/* Clocks can make doubtful what precisions leave established, and not the other way round. */
bool
order_is_open(const struct draft *draft, const struct entry *entry)
{
    if (entry == draft->incident->entries)
        return false;
    return !entry->order_established ||
           (!same_clock(entry - 1, entry) && !order_is_known(draft, entry - 1, entry));
}

void
say_open_order(struct draft *draft, const struct entry *first, const struct entry *second)
{
    if (!order_is_known(draft, first, second))
        document_words(draft->document, " (order not established)");
}

void
say_open_moments(struct draft *draft, int64_t first_ns, const struct entry *first,
                 int64_t second_ns, const struct entry *second)
{
    if (first->time_ns == first_ns && second->time_ns == second_ns)
        say_open_order(draft, first, second);
}
