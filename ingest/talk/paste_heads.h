/*
 * Where messages of a pasted text begin. Private to the readers of pastes; pure functions.
 */
#ifndef INGEST_TALK_PASTE_HEADS_H
#define INGEST_TALK_PASTE_HEADS_H

#include "ingest/talk/name.h"
#include "ingest/talk/paste.h"
#include "ingest/talk/stamp.h"

/* The ways in which windows of chats show who speaks when. */
enum head_form {
    HEAD_TWO_LINES,    /* "Ada" and below it "10:02 AM" */
    HEAD_ONE_LINE,     /* "Ada  10:02 AM" */
    HEAD_BRACKET_END,  /* "Ada [10:02 AM]" */
    HEAD_DASH,         /* "Ada - Today at 10:02 AM", with a long dash */
    HEAD_BRACKET_NAME, /* "[10:02 AM] Ada" */
    HEAD_BRACKET_TEXT, /* "[10:02 AM] Ada: text" */
    HEAD_STAMP_TEXT,   /* "10:02 Ada: text" */
    HEAD_STAMP_FIRST,  /* "10:02 AM" and below it "Ada" */
    HEAD_FORMS,
};

struct paste_line {
    struct sv text; /* trimmed */
    size_t from;    /* in the whole text */
    bool indented;
    bool stamped; /* a stamp and nothing else but badges */
    bool divider; /* between days: date tells */
    int32_t head; /* index of the head that begins here, -1: none */
    uint32_t date;
};

struct paste_head {
    enum head_form form;
    size_t line, lines; /* the first, and how many it takes */
    size_t above;       /* lines before that announce it */
    int weight;         /* 1: could be anything, 2: likely, 3: hardly anything else */
    bool taken;
    bool recurs; /* the name heads another message of the text */
    struct talk_name name;
    struct talk_stamp stamp;
    struct sv rest; /* what is said on the same line */
};

struct paste_heads {
    struct paste_line *lines;
    size_t line_count;
    struct paste_head *heads; /* by line; those that are not taken are none */
    size_t head_count;
    enum head_form form; /* of most */
    bool half_days;      /* their clocks say AM or PM */
};

/* Splits the text and finds heads. False: too many lines, or not surely a paste. */
bool paste_heads_find(struct arena *arena, struct sv text, const struct talk_hints *hints,
                      struct paste_heads *ret_heads);
/* The head that begins at the line, with what announces it; NULL: none does. */
const struct paste_head *paste_head_at(const struct paste_heads *heads, size_t line);

/* The stamp that is alone on a line, behind what windows put before it. */
struct paste_stamped {
    struct talk_stamp stamp;
    bool badge; /* of a bot */
    bool dash;
};
/* False: there is more on the line, or less. */
bool paste_stamp_line(struct sv line, struct paste_stamped *ret_stamped);

#endif
