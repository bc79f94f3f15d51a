/*
 * Days of messages in a pasted text: from their stamps, from dividers between them, else from what
 * is known of the text. Private to the readers of pastes.
 */
#ifndef INGEST_TALK_PASTE_DAYS_H
#define INGEST_TALK_PASTE_DAYS_H

#include "ingest/talk/paste_heads.h"

struct paste_days {
    const struct paste_heads *heads;
    enum talk_order order;
    bool order_assumed;      /* nothing in the text tells it */
    struct talk_day near;    /* for years, and for days that are told from today */
    struct talk_day today;   /* of stamps without a day where others have one */
    struct talk_day current; /* of the message before, or of the divider */
    bool divided;            /* a divider told it */
    bool heads_dated;        /* some stamps have a day: those without are of today */
    int before;              /* seconds of the clock before; -1: none yet */
};

void paste_days_init(struct paste_days *days, const struct paste_heads *heads,
                     const struct talk_hints *hints);
/* The day of a message with this stamp, the next one of the text. */
struct talk_day paste_days_of(struct paste_days *days, const struct talk_stamp *stamp);
/* The same of one that goes on: it has the day of the one before, or the next day. */
void paste_days_goes_on(struct paste_days *days, struct talk_message *message);
/* True if the line is a divider: then messages behind it are of its day. */
bool paste_days_divider(struct paste_days *days, size_t line);

#endif
