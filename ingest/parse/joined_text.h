/*
 * The text of a record that the loader joined from several lines, as a program wrote it: without
 * what stands before each further line again (the name of a container, the head of a PostgreSQL
 * message), and of Docker's JSON one object with all of the text. Pure.
 */
#ifndef INGEST_PARSE_JOINED_TEXT_H
#define INGEST_PARSE_JOINED_TEXT_H

#include "base/arena.h"

/* The value itself where nothing is repeated. */
struct sv joined_text(struct arena *arena, struct sv value);

#endif
