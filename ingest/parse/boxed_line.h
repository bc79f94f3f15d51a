/*
 * A line of a program within the line of what carried it: a container runtime, compose, kubectl.
 * Pure; views into the line, but for text that had to be unescaped.
 */
#ifndef INGEST_PARSE_BOXED_LINE_H
#define INGEST_PARSE_BOXED_LINE_H

#include "base/sv.h"

enum line_box {
    BOX_NONE,
    BOX_CRI,     /* "TIME stderr F text" */
    BOX_DOCKER,  /* {"log":"text\n","stream":"stderr","time":..} */
    BOX_COMPOSE, /* "web-1  | text" */
    BOX_POD,     /* "[pod/web-1/web] text" */
};

#define BOXED_TEXT_MAX 1024

struct boxed_line {
    enum line_box box;
    struct sv line;  /* all of it */
    struct sv key;   /* whose it is: stream, name */
    struct sv text;  /* of the program; of Docker unescaped, and cut to BOXED_TEXT_MAX */
    bool unfinished; /* the next one of the same key goes on in the same line of the program */
    size_t log_from, log_to; /* of Docker: where the text stands, still escaped */
    char unescaped[BOXED_TEXT_MAX];
};

void boxed_line_read(struct sv line, struct boxed_line *ret_line);

#endif
