/*
 * Tape against tree: see tape_compare.h. Objects with equal keys are compared for acceptance only:
 * both take the last, but the tape passes all of them on to whoever reads the rest.
 */
#include "tests/lib/tape_compare.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"
#include "ingest/parse/tape.h"

static struct field_list lists[] = {
    {.paths = "a"},         {.paths = "a.b"},
    {.paths = "a.b.c"},     {.paths = "message|msg"},
    {.paths = "log.level"}, {.paths = "time"},
    {.paths = "n"},         {.paths = "kubernetes.labels.app"},
    {.paths = "x|y|z"},     {.paths = "@timestamp"},
};
static struct field_list taken = {.paths = "time|a.b|@timestamp"};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

static void
register_lists(void)
{
    for (size_t i = 0; i < LISTS; i++)
        tape_register(&lists[i]);
    tape_register(&taken);
}

static bool
has_dotted_key(const json_t *tree)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)tree, key, value)
    {
        if (strchr(key, '.') != NULL || has_dotted_key(value))
            return true;
    }
    return false;
}

/* Keys that are equal, or may be spellings of one path: which counts is not the same for both. */
static bool
is_ambiguous(struct arena *arena, struct sv text)
{
    json_error_t error;
    text = tree_escapes_repaired(arena, utf8_repair(arena, text));
    json_t *tree =
        json_loadb(text.ptr, text.len,
                   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    bool ambiguous = tree == NULL || has_dotted_key(tree);
    json_decref(tree);
    return ambiguous;
}

static bool
same_text(struct sv tape, struct sv tree)
{
    if (sv_eq(tape, tree))
        return true;
    char *ends[2];
    char left[400], right[400];
    if (sv_empty(tape) || sv_empty(tree) || tape.len >= sizeof(left) || tree.len >= sizeof(right))
        return false;
    memcpy(left, tape.ptr, tape.len);
    memcpy(right, tree.ptr, tree.len);
    left[tape.len] = right[tree.len] = '\0';
    double a = strtod(left, &ends[0]), b = strtod(right, &ends[1]);
    return *ends[0] == '\0' && *ends[1] == '\0' && a >= b && a <= b;
}

static bool
same_rest(struct arena *arena, const struct tape *tape, const json_t *tree)
{
    struct sv rest = tape_rest(arena, tape, &taken);
    struct sv wanted = tree_rest(arena, tree, taken.paths);
    enum tree_problem problem;
    if (sv_empty(rest) || sv_empty(wanted))
        return sv_empty(rest) && sv_empty(wanted);
    if (!utf8_storable(rest))
        return false;
    json_t *left = tree_parse(arena, rest, &problem);
    json_t *right = tree_parse(arena, wanted, &problem);
    char *a = json_dumps(left, JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    char *b = json_dumps(right, JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    bool same = a != NULL && b != NULL && strcmp(a, b) == 0;
    free(a);
    free(b);
    json_decref(left);
    json_decref(right);
    return same;
}

static const char *
compare_object(struct arena *arena, const struct tape *tape, const json_t *tree)
{
    if (tape->count != json_object_size(tree))
        return "another number of members";
    for (size_t i = 0; i < LISTS; i++) {
        struct sv text = tape_pick(arena, tape, &lists[i]);
        if (!utf8_storable(text))
            return "a text that cannot be stored";
        if (!same_text(text, tree_pick(arena, tree, lists[i].paths)))
            return lists[i].paths;
        if (tape_has(tape, &lists[i]) != tree_has(tree, lists[i].paths))
            return "one has a field that the other lacks";
    }
    return same_rest(arena, tape, tree) ? NULL : "another rest";
}

const char *
tape_compare(struct sv text)
{
    static pthread_once_t registered = PTHREAD_ONCE_INIT;
    struct arena arena;
    struct tape tape;
    enum tree_problem problem, found;
    const char *difference = NULL;
    pthread_once(&registered, register_lists);
    arena_init(&arena, 0);
    json_t *tree = tree_parse(&arena, text, &problem);
    found = tape_scan(&arena, text, &tape);
    if ((problem == TREE_FINE) != (found == TREE_FINE))
        difference = "one takes what the other refuses";
    else if (problem == TREE_FINE && (tape.type == TAPE_OBJECT) != json_is_object(tree))
        difference = "another type";
    else if (json_is_object(tree) && !is_ambiguous(&arena, text))
        difference = compare_object(&arena, &tape, tree);
    json_decref(tree);
    arena_release(&arena);
    return difference;
}
