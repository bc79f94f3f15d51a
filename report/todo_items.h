/*
 * From one text to the things to do that it lists: "1) ... 2) ...", "- ... - ...", "TODO: ... TODO:
 * ..."; a text without such marks is one item. With each who is said to own it and when it is said
 * to be due. Pure; views into the text.
 */
#ifndef REPORT_TODO_ITEMS_H
#define REPORT_TODO_ITEMS_H

#include "base/sv.h"

#define TODO_ITEMS_MAX 20 /* of one text; the last holds the rest */

struct todo_item {
    struct sv text;  /* without its mark */
    struct sv owner; /* the first name behind "@" or "owner:"; absent: none is said */
    struct sv due;   /* behind "due" or "by": a date, a weekday ...; absent: none is said */
};

/* Returns how many, 1 or more; 0 of a text without words. */
size_t todo_items(struct sv text, struct todo_item ret_items[TODO_ITEMS_MAX]);

#endif
