/*
 * The tokens of a line's head, as line_head.c puts them together.
 */
#ifndef INGEST_PARSE_HEAD_TOKENS_H
#define INGEST_PARSE_HEAD_TOKENS_H

#include "ingest/parse/times.h"

enum head_token_kind {
    HEAD_END, /* here the message begins */
    HEAD_TIME,
    HEAD_LEVEL,
    HEAD_PID,      /* "[4421]", "#4421", "1234#1234", "[pid 21:tid 13]" */
    HEAD_THREAD,   /* in brackets: "[main]" */
    HEAD_LOGGER,   /* "com.acme.Pay", "[django.request:222]" */
    HEAD_POSITION, /* "pay.go:12", "(Pay.java:34)" */
    HEAD_GROUP,    /* anything else in brackets */
    HEAD_NUMBER,
    HEAD_NAME,  /* no word of a sentence: has digits, dots, underscores ... */
    HEAD_UPPER, /* "NETWORK" */
    HEAD_WORD,
};

struct head_token {
    enum head_token_kind kind;
    struct sv text;        /* without brackets */
    size_t from, to;       /* in the line, with brackets */
    char sign;             /* what stands behind it: one of : | - , or '\0' */
    bool spaced;           /* a blank stands before that sign */
    bool dashes;           /* the sign is "--" or longer */
    bool wide;             /* a tab or several blanks stand behind it */
    bool closes;           /* it is the last one in brackets that were stepped into */
    int severity;          /* of a level; 0 is never */
    bool letter;           /* the level is a letter */
    bool class_name;       /* of a logger: "com.acme.Pay", not "nova.compute.manager" */
    struct sv beside;      /* what the same token also names: "core" of "[core:error]" */
    struct read_time time; /* of a time */
};

struct head_reader {
    struct sv line;
    const struct time_hints *hints;
    size_t at;
    char open[4]; /* brackets that were stepped into */
    int depth;
    bool has_time, has_level;
    int words;               /* of sentences, so far */
    struct head_token *last; /* the one before; at the start an empty one */
};

/* The next token; blanks and signs before it are passed over and noted in `last`. */
void head_next(struct head_reader *reader, struct head_token *ret_token);

/* The level a word or letter stands for in a head. `marked`: brackets or signs set it apart, so
 * that it need not be in upper case. 0: none. */
int head_level(struct sv word, bool marked);
/* True if it does not begin a sentence, even in lower case. */
bool head_plain_level(struct sv word);
/* The length of the time at the start of the text, if it ends there; times of day alone only with
 * `clock`, bare epochs with `epoch`. */
size_t head_time(struct sv text, const struct time_hints *hints, bool clock, bool epoch,
                 struct read_time *ret_time);

#endif
