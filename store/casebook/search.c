/*
 * Asking the database for incidents by words and by likeness: see hindcast/search.h. Called by
 * `hindcast search` and `hindcast similar` on the main thread.
 */
#include "hindcast/search.h"

#include <string.h>

#include "base/text/utf8.h"
#include "hindcast/casebook.h"
#include "store/casebook/entry_columns.h"

/* How analyst.search_terms() refuses a search with too many words: invalid_parameter_value. */
#define TOO_MUCH "22023"

/* Columns that both answers begin with. */
enum { PLACE, SCOPE, NUMBER, KEY, FIRST, LAST, SERVICES, TITLE, SCORE, HEAD_COLUMNS };

static int
read_rights(struct store *store, bool *ret_masked, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_search_rights, NULL, 0, &result, err) != 0)
        return -1;
    *ret_masked = !column_bool(result, 0, 0);
    PQclear(result);
    return 0;
}

static void
read_head(struct arena *arena, const PGresult *result, int row, struct search_match *ret_match)
{
    *ret_match = (struct search_match){
        .scope = column_text(arena, result, row, SCOPE),
        .number = column_text(arena, result, row, NUMBER),
        .incident_key = column_text(arena, result, row, KEY),
        .title = column_text(arena, result, row, TITLE),
        .first_ns = row_time(result, row, FIRST),
        .last_ns = row_time(result, row, LAST),
        .score = column_int(result, row, SCORE),
    };
    ret_match->services = column_texts(arena, result, row, SERVICES, &ret_match->service_count);
}

/* ---- words ---- */

static int
judge_terms(const struct search_result *result, struct err *err)
{
    for (size_t i = 0; i < result->term_count; i++)
        if (!result->terms[i].excluded)
            return 0;
    if (result->term_count > 0)
        err_set(err, ERR_USAGE, "the search only leaves out; it needs a word to look for");
    else
        err_set(err, ERR_USAGE, "the search holds no word, only blanks and signs");
    return err_hint(err, "'hindcast search --help' shows examples");
}

static int
read_terms(struct store *store, struct arena *arena, const char *words,
           struct search_result *result, struct err *err)
{
    PGresult *rows;
    enum query query = result->masked ? QUERY_search_terms_masked : QUERY_search_terms;
    if (store_sql(store, query, &words, 1, &rows, err) != 0) {
        if (strcmp(err->sqlstate, TOO_MUCH) == 0)
            err_set(err, ERR_USAGE, "a search has at most %d words", SEARCH_TERMS_MAX);
        return -1;
    }
    size_t count = (size_t)PQntuples(rows);
    result->terms = ARENA_ARRAY(arena, struct search_term, count + 1);
    result->term_count = count;
    for (int row = 0; (size_t)row < count; row++)
        result->terms[row] = (struct search_term){
            .term = column_text(arena, rows, row, 0),
            .excluded = column_bool(rows, row, 1),
            .common = column_bool(rows, row, 2),
            .lines = column_int(rows, row, 3),
            .titles = column_int(rows, row, 4),
        };
    PQclear(rows);
    return judge_terms(result, err);
}

static void
read_words(struct arena *arena, const PGresult *result, int row, struct search_match *match)
{
    json_t *array = column_array(result, row, HEAD_COLUMNS);
    size_t count = json_array_size(array);
    struct search_word *words = ARENA_ARRAY(arena, struct search_word, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        words[i] = (struct search_word){
            .word = json_member_text(arena, object, "word"),
            .points = json_member_number(object, "points"),
            .lines = json_member_number(object, "lines"),
            .title = json_is_true(json_object_get(object, "title")),
        };
    }
    json_decref(array);
    match->words = words;
    match->word_count = count;
    match->best = column_int(result, row, HEAD_COLUMNS + 1);
    match->missing = column_texts(arena, result, row, HEAD_COLUMNS + 2, &match->missing_count);
    match->lines = column_int(result, row, HEAD_COLUMNS + 4);
}

static void
read_places(struct arena *arena, const PGresult *result, int row, int column,
            struct search_hit *hit)
{
    json_t *array = column_array(result, row, column);
    size_t count = json_array_size(array);
    struct search_place *places = ARENA_ARRAY(arena, struct search_place, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        places[i] = (struct search_place){
            .word = json_member_text(arena, object, "word"),
            .where = json_member_text(arena, object, "where"),
        };
    }
    json_decref(array);
    hit->places = places;
    hit->place_count = count;
}

static void
read_hit(struct arena *arena, const PGresult *result, int row, struct search_hit *ret_hit)
{
    int at = HEAD_COLUMNS + 5;
    *ret_hit = (struct search_hit){
        .score = column_int(result, row, at),
        .time_ns = row_time(result, row, at + 1),
        .kind = column_text(arena, result, row, at + 2),
        .actor = column_text(arena, result, row, at + 3),
        .service = column_text(arena, result, row, at + 4),
        .text = column_text(arena, result, row, at + 5),
        .entry_id = column_text(arena, result, row, at + 7),
    };
    read_places(arena, result, row, at + 6, ret_hit);
    ret_hit->evidence = column_evidence(arena, result, row, at + 8, &ret_hit->evidence_count);
}

static void
read_matches(struct arena *arena, const PGresult *rows, struct search_result *result)
{
    size_t count = (size_t)PQntuples(rows);
    struct search_hit *hits = ARENA_ARRAY(arena, struct search_hit, count + 1);
    result->matches = ARENA_ARRAY(arena, struct search_match, count + 1);
    result->found = count > 0 ? column_int(rows, 0, HEAD_COLUMNS + 3) : 0;
    for (int row = 0; (size_t)row < count; row++) {
        if (row == 0 || column_int(rows, row, PLACE) != column_int(rows, row - 1, PLACE)) {
            struct search_match *match = &result->matches[result->match_count++];
            read_head(arena, rows, row, match);
            read_words(arena, rows, row, match);
            match->hits = &hits[row];
        }
        read_hit(arena, rows, row, &hits[row]);
        result->matches[result->match_count - 1].hit_count++;
    }
}

static int
read_search(struct store *store, struct arena *arena, const struct search_request *request,
            struct search_result *result, struct err *err)
{
    PGresult *rows;
    char since[INT_TEXT], until[INT_TEXT], most[INT_TEXT];
    const char *values[] = {request->words,
                            request->service,
                            request->actor,
                            bound_text(request->since_ns, since),
                            bound_text(request->until_ns, until),
                            request->kind,
                            int_text(request->most, most)};
    enum query query = result->masked ? QUERY_search_incidents_masked : QUERY_search_incidents;
    if (store_sql(store, query, values, 7, &rows, err) != 0)
        return -1;
    read_matches(arena, rows, result);
    PQclear(rows);
    return 0;
}

static int
check_words(const char *words, struct err *err)
{
    struct sv text = sv_from(words);
    if (!utf8_storable(text))
        return err_set(err, ERR_USAGE, "the words of a search must be UTF-8");
    if (utf8_count(text) > SEARCH_CHARACTERS_MAX)
        return err_set(err, ERR_USAGE, "a search has at most %d characters, not %zu",
                       SEARCH_CHARACTERS_MAX, utf8_count(text));
    return 0;
}

int
casebook_search(struct store *store, struct arena *arena, const struct search_request *request,
                struct search_result *ret_result, struct err *err)
{
    struct search_result result = {.masked = false};
    if (check_words(request->words, err) != 0 || read_rights(store, &result.masked, err) != 0 ||
        read_terms(store, arena, request->words, &result, err) != 0 ||
        read_search(store, arena, request, &result, err) != 0)
        return -1;
    *ret_result = result;
    return 0;
}

/* ---- likeness ---- */

static void
read_reasons(struct arena *arena, const PGresult *result, int row, struct search_match *match)
{
    json_t *array = column_array(result, row, HEAD_COLUMNS + 1);
    size_t count = json_array_size(array);
    struct search_reason *reasons = ARENA_ARRAY(arena, struct search_reason, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(array, i);
        reasons[i] = (struct search_reason){
            .kind = json_member_text(arena, object, "kind"),
            .key = json_member_text(arena, object, "key"),
            .name = json_member_text(arena, object, "name"),
            .incidents = json_member_number(object, "incidents"),
            .points = json_member_number(object, "points"),
        };
    }
    json_decref(array);
    match->reasons = reasons;
    match->reason_count = count;
}

/* Heads hold text; who may not read it knows incidents by number and key. */
static int
find_masked(struct store *store, struct arena *arena, const char *name, struct sv *ret_key,
            struct err *err)
{
    PGresult *result;
    if (!utf8_storable(sv_from(name)))
        return err_set(err, ERR_USAGE, "the name of an incident must be UTF-8");
    if (store_sql(store, QUERY_search_given, &name, 1, &result, err) != 0)
        return -1;
    bool found = PQntuples(result) == 1;
    if (found)
        *ret_key = column_text(arena, result, 0, 0);
    PQclear(result);
    if (found)
        return 0;
    err_set(err, ERR_NOT_FOUND, "there is no incident '%s'", name);
    return err_hint(err, "give its number or its key: analyst.incidents has them");
}

static int
find(struct store *store, struct arena *arena, const char *name, bool masked, const char **ret_key,
     struct err *err)
{
    struct stored_incident head;
    struct sv key;
    if (masked && find_masked(store, arena, name, &key, err) != 0)
        return -1;
    if (!masked && casebook_head(store, arena, name, &head, err) != 0)
        return -1;
    *ret_key = arena_strdup(arena, masked ? key : head.incident.incident_key);
    return 0;
}

static void
read_similar(struct arena *arena, const PGresult *rows, struct search_result *result)
{
    result->match_count = (size_t)PQntuples(rows);
    result->matches = ARENA_ARRAY(arena, struct search_match, result->match_count + 1);
    result->found = result->match_count > 0 ? column_int(rows, 0, HEAD_COLUMNS) : 0;
    for (int row = 0; (size_t)row < result->match_count; row++) {
        read_head(arena, rows, row, &result->matches[row]);
        read_reasons(arena, rows, row, &result->matches[row]);
    }
}

int
casebook_similar(struct store *store, struct arena *arena, const char *name, int most,
                 struct search_result *ret_result, struct err *err)
{
    PGresult *rows;
    char limit[INT_TEXT];
    const char *values[] = {NULL, int_text(most, limit)};
    struct search_result result = {.masked = false};
    if (read_rights(store, &result.masked, err) != 0 ||
        find(store, arena, name, result.masked, &values[0], err) != 0 ||
        store_sql(store, result.masked ? QUERY_search_similar_masked : QUERY_search_similar, values,
                  2, &rows, err) != 0)
        return -1;
    read_similar(arena, rows, &result);
    PQclear(rows);
    *ret_result = result;
    return 0;
}
