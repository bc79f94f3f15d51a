/*
 * Talk that is written line by line: logs of IRC, exports of messengers, saved chats of meetings.
 * A line begins a message, goes on with the one before, or says something about the lines that
 * follow (a day, a channel). One reader each, which keeps what it has to know in struct talk_state.
 */
#ifndef INGEST_TALK_LINES_H
#define INGEST_TALK_LINES_H

#include "ingest/talk/message.h"

#define TALK_CHANNEL_MAX 100

enum talk_line {
    LINE_GOES_ON, /* with the message before, or of none */
    LINE_BEGINS,  /* a message */
    LINE_CONTEXT, /* for what follows; no message */
};

/* The start of a call, on the clock of a place. */
struct talk_start {
    bool known, has_zone;
    struct talk_day day;
    struct talk_clock clock;
    int32_t offset_s; /* of its zone, east of UTC */
};

struct talk_state {
    struct talk_day day;  /* of lines that name none; DAY_NONE: nobody told */
    struct talk_day near; /* for years */
    int before;           /* seconds of the clock before; -1: none since `day` was told */
    enum talk_order order;
    bool order_assumed;
    struct talk_start start;
    int64_t offset_ns; /* in a call, of what stands under a mark of time */
    bool inside;       /* of a cue, behind the head of a document: as the reader wants */
    bool after_blank;
    char channel[TALK_CHANNEL_MAX]; /* "": not known */
};

struct talk_dialect {
    const char *format; /* as decoders are named */
    /*
     * Of the line alone (without its end) and the state. Views of *ret_message point into the line
     * or the state; what a line does not tell is zero.
     */
    enum talk_line (*read)(struct talk_state *state, struct sv line,
                           struct talk_message *ret_message);
    /*
     * What the lines behind the first tell, and what the first could not: `lines` are all lines of
     * the message. NULL: they are its text, after the first one's.
     */
    void (*finish)(struct arena *arena, const struct talk_state *state, struct sv lines,
                   struct talk_message *message);
    /* True if these may be the first lines of a file of this name. Asked where read() takes them.
     */
    bool (*suits)(struct sv start, struct sv name);
    /* What all lines of the beginning tell together; may be NULL. */
    void (*learn)(struct talk_state *state, struct sv start);
    bool many_lines; /* messages may have more than one */
    bool notes;      /* written down, not said: events are notes */
};

void talk_state_init(struct talk_state *state, const struct talk_hints *hints);
void talk_state_channel(struct talk_state *state, struct sv channel);
/* The day of a clock that goes on from the one before: the next day when it starts again. */
struct talk_day talk_state_day(struct talk_state *state, const struct talk_clock *clock);
/* By which a year is found that a line leaves out: the nearest to the day before it, where that is
 * known, also over New Year's Eve. */
struct talk_day talk_state_near(const struct talk_state *state);
/* What a context line tells. */
void talk_state_set_day(struct talk_state *state, struct talk_day day);

/* Day and clock of a message from the start of its call, where that is known. */
void talk_state_place(const struct talk_state *state, struct talk_message *message);

/* The text of a first line and whole lines below it, without blanks at their ends. */
struct sv talk_join(struct arena *arena, struct sv first, struct sv lines);

/* One message from its lines, the first of which begins it. False: it does not. */
bool talk_read_one(struct arena *arena, const struct talk_dialect *dialect,
                   struct talk_state *state, struct sv lines, struct talk_message *ret_message);

/* The messages of a text, one after the other; hints of one record are for the first. */
struct talk_splitter {
    struct arena *arena;
    const struct talk_dialect *dialect;
    const struct talk_hints *hints;
    struct talk_state *state; /* views of messages point into it */
    struct sv rest;
    bool first;
};
void talk_splitter_init(struct talk_splitter *splitter, struct arena *arena,
                        const struct talk_dialect *dialect, const struct talk_hints *hints,
                        struct sv text);
bool talk_splitter_next(struct talk_splitter *splitter, struct talk_message *ret_message);

/*
 * The dialect of a text by its first lines, whole ones; `name`: of the file. NULL when it is surely
 * none. Learns into *state what the whole of the lines tells (the order of numbers in dates).
 */
const struct talk_dialect *
talk_dialect_of(struct sv start, struct sv name, struct talk_state *state);
/* True if it is surely of this dialect. */
bool talk_dialect_is(const struct talk_dialect *dialect, struct sv start,
                     const struct talk_state *state);
/* By the name of its format, or NULL. */
const struct talk_dialect *talk_dialect_named(struct sv format);

#endif
