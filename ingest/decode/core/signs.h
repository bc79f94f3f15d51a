/*
 * Signs: what must be on a tape for a decoder to be asked about it. Written as
 *
 *     event.event_type, event.data; incident.html_url, agent|by; type=note|alert, at
 *
 * signs with ';' between, any of which will do; conditions with ',' between, which must all hold.
 * A condition names fields, one of which must be there (null is not), or one field and words, one
 * of which must be its text (ASCII case does not matter), or one field with [] behind it, which
 * must hold a list, or a text that may be JSON. Paths are those of tape.h. What has one of `,;|` in
 * it cannot be said: a sign may ask for less than its format has, never for more.
 *
 * Signs are filed under one of their conditions, the one that fewest signs share, so that a record
 * is compared with those signs only that have something in common with it, however many there are.
 * Registered on one thread while nobody decodes, and read by every worker's.
 */
#ifndef INGEST_DECODE_CORE_SIGNS_H
#define INGEST_DECODE_CORE_SIGNS_H

#include "ingest/parse/tape.h"

/* Numbers of those that are asked, ascending, each once. */
#define ASKED_FIRST 16
struct asked_one {
    uint32_t number;
    bool signs; /* found by its signs */
};
struct asked {
    struct arena *arena;
    struct asked_one *list;
    size_t count, size;
    struct asked_one first[ASKED_FIRST];
};
void asked_insert(struct asked *asked, uint32_t number, bool signs);

static inline void
asked_init(struct asked *asked, struct arena *arena)
{
    asked->arena = arena;
    asked->list = asked->first;
    asked->count = 0;
    asked->size = ASKED_FIRST;
}

static inline void
asked_add(struct asked *asked, uint32_t number, bool signs)
{
    if (asked->count == 0)
        asked->list[asked->count++] = (struct asked_one){number, signs};
    else
        asked_insert(asked, number, signs);
}

/* The signs of one that is asked by this number. Asserts the form described above. */
void signs_add(const char *signs, uint32_t number);
/* After the last signs_add(), before the first signs_find(). */
void signs_file(void);
/* There are none any more. */
void signs_forget(void);
/* Adds those whose signs are on the tape. Returns how many signs were compared. */
size_t signs_find(struct arena *arena, const struct tape *tape, struct asked *asked);

#endif
