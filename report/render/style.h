/*
 * Colour for people at a terminal. Off until render_use_color(true), and then for text only: what
 * is meant for programs or files (Markdown, CSV, JSON Lines) never has any. A renderer puts marks
 * around whole lines or words, after text from outside was made harmless (base/text/visible.h does
 * not let a mark through); app/output.c makes escape sequences of them. One process-wide switch,
 * set by main before a command runs.
 */
#ifndef REPORT_RENDER_STYLE_H
#define REPORT_RENDER_STYLE_H

#include <stdbool.h>

#include "base/sv.h"

enum render_style {
    STYLE_PLAIN,
    STYLE_HEAD,  /* heads of tables, dates between rows */
    STYLE_KEY,   /* rows that matter most */
    STYLE_ALARM, /* what needs attention, what is broken */
};

void render_use_color(bool on);
bool render_color_used(void);
/* The mark that begins the style, "" where colour is off or the style is plain. */
const char *render_style_on(enum render_style style);
/* The one that ends it. */
const char *render_style_off(enum render_style style);
/* The escape sequence for the mark that `text` begins with, and the mark's length; NULL: none. */
const char *render_style_sequence(struct sv text, size_t *ret_length);

#endif
