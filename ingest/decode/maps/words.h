/*
 * Word tables: what tools say, to words of ours. A table is read once and then only looked at; any
 * thread.
 */
#ifndef INGEST_DECODE_MAPS_WORDS_H
#define INGEST_DECODE_MAPS_WORDS_H

#include "ingest/decode/maps/lines.h"

/* What a tool says, and what we call it. */
struct map_word {
    struct sv text;   /* an exact word or a glob in lower case */
    struct sv result; /* our word; in a condition: empty */
    int line;
    size_t number; /* among the words of all maps: who wants to know which were used */
};

struct map_range {
    double low, high;
    struct map_word word;
};

struct map_table {
    struct sv name;
    int line;
    struct map_word *exact; /* sorted */
    size_t exact_count;
    struct map_word *globs; /* in their order, asked behind the exact ones */
    size_t glob_count;
    struct map_range *ranges; /* behind the globs, of numbers only */
    size_t range_count;
};

/* A section [words NAME]. */
void map_table_read(struct arena *arena, const struct map_section *section, const char *file,
                    struct map_problems *problems, struct map_table *ret_table);
/* The words of a condition: "a|b*|50..59". */
void map_words_read(struct arena *arena, struct sv text, int line, struct map_table *ret_table);
/* What the text is called; NULL when the table does not know it. */
const struct map_word *map_table_find(const struct map_table *table, struct sv text);
/* How many words all maps have so far: their numbers are below. */
size_t map_word_count(void);

#endif
