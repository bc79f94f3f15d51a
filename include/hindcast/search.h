/*
 * Looking for incidents: by words of their timelines and titles, and by what they have in common
 * with one. The store asks (casebook_search(), casebook_similar()), report/render/search.h shows.
 * Ranks are the database's, by the rules of docs/search.md; equal records give equal answers.
 *
 * Plain data in the caller's arena. Scores, points and weights are hundredths.
 */
#ifndef HINDCAST_SEARCH_H
#define HINDCAST_SEARCH_H

#include "hindcast/incident.h"
#include "hindcast/store.h"

/* As analyst.search_limits() and analyst.similar_limits() say. */
#define SEARCH_TERMS_MAX 16
#define SEARCH_CHARACTERS_MAX 1000
#define SEARCH_INCIDENTS_MAX 100
#define SEARCH_LINES_MAX 5000

struct search_request {
    const char *words;
    const char *service, *actor, *kind; /* NULL: any */
    int64_t since_ns, until_ns;         /* TIME_NONE: no bound */
    int most;                           /* incidents, 1 to SEARCH_INCIDENTS_MAX */
};

/* What the search made of a word. */
struct search_term {
    struct sv term;
    bool excluded; /* -word */
    bool common;   /* on more than SEARCH_LINES_MAX lines: it neither chooses nor ranks */
    int64_t lines, titles;
};

/* A word in a line: in its text, or the service, host, actor, channel or ref beside it. */
struct search_place {
    struct sv word, where;
};

/* A line that holds words of the search; kind "title" is the incident's title. */
struct search_hit {
    int64_t score;
    int64_t time_ns;
    struct sv kind, actor, service, text, entry_id;
    const struct search_place *places;
    size_t place_count;
    const struct evidence *evidence; /* none of a title */
    size_t evidence_count;
};

/* A word in an incident: what its best place is worth, and where it is. */
struct search_word {
    struct sv word;
    int64_t points, lines;
    bool title;
};

/* What an incident has in common with the one that is asked about. */
struct search_reason {
    struct sv kind;    /* alert, change, log, service or word */
    struct sv key;     /* its fingerprint, name or word */
    struct sv name;    /* as people know it */
    int64_t incidents; /* that have it, beside the one that is asked about */
    int64_t points;
};

struct search_match {
    struct sv scope, number, incident_key, title; /* number: absent where it never was raised */
    int64_t first_ns, last_ns;
    const struct sv *services;
    size_t service_count;
    int64_t score;
    /* of a search */
    int64_t best;  /* points of the line with the most of them, part of the score */
    int64_t lines; /* that hold any of the words */
    const struct search_word *words;
    const struct sv *missing; /* words that the incident does not hold */
    struct search_hit *hits;  /* the best ones */
    size_t word_count, missing_count, hit_count;
    /* of similar incidents */
    const struct search_reason *reasons;
    size_t reason_count;
};

struct search_result {
    bool masked; /* the login may not read text: its masked form was searched */
    struct search_term *terms;
    size_t term_count; /* 0 of similar incidents */
    struct search_match *matches;
    size_t match_count;
    int64_t found; /* as many incidents match */
};

/* USAGE where the words ask for nothing, or for too much. */
int casebook_search(struct store *store, struct arena *arena, const struct search_request *request,
                    struct search_result *ret_result, struct err *err) MUST_CHECK;
/*
 * Earlier incidents that are like this one, named as for casebook_incident(); for who may not read
 * text, by number or key. NOT_FOUND: there is none.
 */
int casebook_similar(struct store *store, struct arena *arena, const char *name, int most,
                     struct search_result *ret_result, struct err *err) MUST_CHECK;

#endif
