/*
 * UTF-8 (RFC 3629): validation and repair of bytes that a sender controls.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

/* No overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_valid(struct sv view);
/* Valid and without U+0000: what PostgreSQL's text type takes. */
bool utf8_storable(struct sv view);
/*
 * The view itself when it is storable; else a copy in the arena with each offending byte (and each
 * U+0000) replaced by U+FFFD.
 */
struct sv utf8_repair(struct arena *arena, struct sv view);
/* The longest prefix of at most `max` bytes that ends between two characters. */
struct sv utf8_cut(struct sv view, size_t max);
/* Length in bytes of the valid character at the start of the view, 0 when there is none. */
size_t utf8_length(struct sv view);
/* Number of columns a terminal needs, at one column a character. */
size_t utf8_count(struct sv view);

#endif
