/*
 * A line as tokens whose spelling is kept: what follows "@", which letters are capital, where a
 * sentence or a list goes on. Pure; views are of the line, small letters of the arena.
 */
#ifndef CORRELATE_STORY_PAGE_WORDS_H
#define CORRELATE_STORY_PAGE_WORDS_H

#include "base/arena.h"
#include "base/sv.h"

#define PAGE_TOKENS_MAX 512 /* of a line; what stands behind pages nobody */

struct page_token {
    struct sv name;  /* as written, without marks around it and "@" before it */
    struct sv lower; /* the same in small letters, without apostrophes */
    bool mention;    /* behind "@" */
    bool capital;    /* begins with a capital letter, and is not all capitals */
    bool comma;      /* a list goes on behind it */
    bool ends;       /* something else begins behind it */
};

/* Returns how many. */
size_t
page_tokens(struct arena *arena, struct sv line, struct page_token ret_tokens[PAGE_TOKENS_MAX]);

#endif
