/*
 * From one text to the things to do that it lists: "1) ... 2) ...", "- ... - ...", "TODO: ... TODO:
 * ..."; a text without such marks is one item. With each who is said to own it and when it is said
 * to be due. Pure; views into the text.
 */
#ifndef REPORT_TODO_ITEMS_H
#define REPORT_TODO_ITEMS_H

#include "base/sv.h"
#include "base/text/named_day.h"

#define TODO_ITEMS_MAX 20 /* of one text; the last holds the rest */

struct todo_item {
    struct sv text;       /* without its mark */
    struct sv owner;      /* the first name behind "@", "owner:", "TODO(" or "AI: "; absent: none */
    struct sv perhaps;    /* else what stands before the task: an owner if somebody is called so */
    bool speaker;         /* else "I'll ...": who says it */
    struct sv due;        /* a date, a weekday ..., see named_day.h; absent: none is said */
    struct named_day day; /* of `due` */
};

/* Of a text that is one item, sentences before the first that speaks of a task are left out.
 * Returns how many, 1 or more; 0 of a text without words and of a heading alone ("Action items:").
 */
size_t todo_items(struct sv text, struct todo_item ret_items[TODO_ITEMS_MAX]);

#endif
