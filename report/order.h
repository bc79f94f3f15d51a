/*
 * Which of two rows came first, for sentences that tell a cause or a delay. Times are readings of
 * clocks, cut to a unit: of two clocks an order is known where the rows lie further apart than both
 * units and what the clocks may be off (report_context.clocks). Pure.
 */
#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include "report/draft.h"

/* True if the second is known to have happened after the first. */
bool
order_is_known(const struct draft *draft, const struct entry *first, const struct entry *second);
/* True if its order against the row before is not established; the first has none before it. */
bool order_is_open(const struct draft *draft, const struct entry *entry);
/* " (order not established)" behind what was said of two rows, where their order is not known. */
void say_open_order(struct draft *draft, const struct entry *first, const struct entry *second);
/*
 * The same of moments that are told at these times and proved by these rows. What people said when
 * it was is no reading of a clock: nothing is added to that.
 */
void say_open_moments(struct draft *draft, int64_t first_ns, const struct entry *first,
                      int64_t second_ns, const struct entry *second);

#endif
