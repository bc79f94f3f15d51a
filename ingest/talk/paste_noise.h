/*
 * What the window of a chat shows besides messages: counts of replies, reactions, buttons. Private
 * to the readers of pastes; pure functions.
 */
#ifndef INGEST_TALK_PASTE_NOISE_H
#define INGEST_TALK_PASTE_NOISE_H

#include "hindcast/event.h"

enum paste_noise {
    NOISE_NONE,
    NOISE_LINE,    /* of the window: says nothing */
    NOISE_EDITED,  /* the message was edited */
    NOISE_REPLIES, /* so many answers */
    NOISE_MARKS,   /* so many reactions */
    NOISE_EMOJI,   /* a reaction where NOISE_COUNT or NOISE_MARKS follow, else words */
    NOISE_COUNT,   /* a number alone: noise behind NOISE_EMOJI only */
    NOISE_ANSWER,  /* "replied to a thread:" */
};

/* `line` is trimmed and not empty; *ret_number with those that count. */
enum paste_noise paste_noise_of(struct sv line, int *ret_number);
/* People who come, go, or set a topic; else PHASE_POST. */
enum event_phase paste_phase_of(struct sv text);
/* "(edited)" at the end of a line: its length without, else its whole length. */
size_t paste_without_edited(struct sv line);

#endif
