/*
 * What was said by whom and when, as readers of talk find it: text pasted from a chat, logs of IRC,
 * exports of messengers, transcripts of calls. Such texts have state: the day stands in a line
 * before or in the name of the file, a name may hold for many messages. Whoever splits a file into
 * records carries that state into each record's headers (struct talk_hints), so that the record can
 * be read alone; the same readers split files (ingest/source/file) and decode records
 * (ingest/decode/chat).
 */
#ifndef INGEST_TALK_MESSAGE_H
#define INGEST_TALK_MESSAGE_H

#include "ingest/talk/day.h"

/* What is known of a text outside of it. Views live as long as whoever gave them says. */
struct talk_hints {
    struct talk_day day;  /* of the first message; DAY_NONE: nobody tells */
    struct talk_day near; /* a day that is not before the last one: settles years, "yesterday" */
    bool has_local;       /* the text is one record, written on `day` at `clock` */
    struct talk_clock clock;
    bool has_start; /* of a call: on `day` at `clock` */
    bool has_zone;  /* and where: */
    int32_t offset_s;
    struct sv actor; /* of what has no name of its own */
    struct sv channel;
};

/* One message. Views point into the text, or into the arena that the reader was given. */
struct talk_message {
    size_t line;     /* in the text, from 0, where it begins */
    size_t from, to; /* its bytes, with all that belongs to it */
    struct sv actor;
    enum actor_type actor_type;
    enum event_phase phase;
    struct sv text;      /* what was said */
    struct sv time_text; /* as written */
    struct talk_day day;
    struct talk_clock clock;
    bool has_clock;
    bool bare;         /* its own time names a zone, but no day */
    bool has_offset;   /* a time within a call: */
    int64_t offset_ns; /* from its start */
    bool has_zone;     /* the time names its zone: */
    int32_t offset_s;  /* east of UTC */
    struct sv channel;
    struct sv reply_to; /* the beginning of what it answers, where it says */
    int replies;        /* as told below it */
    int marks;          /* reactions */
    bool edited;
};

#endif
