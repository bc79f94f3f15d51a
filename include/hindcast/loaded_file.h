/*
 * What became of a file that was loaded, as its manifest record says (docs/load.md): the store
 * reads it, the report names it. Plain data; views live as long as the arena they were read into.
 */
#ifndef HINDCAST_LOADED_FILE_H
#define HINDCAST_LOADED_FILE_H

#include "hindcast/event.h"

struct loaded_file {
    struct sv name;
    struct sv said; /* its name and what it was read as; lines after the first are remarks */
    bool read;      /* something of it was */
    bool look;      /* a person should look at it */
    int64_t first_ns, last_ns; /* of its events; TIME_NONE: none has a time */
    int64_t events;            /* -1: not told, as are then the others */
    int64_t of_text, of_json;  /* of them: read as lines of text, as JSON that nobody knows */
    int64_t times[TIME_SOURCE_ABSENT + 1]; /* events by enum time_source */
};

#endif
