/*
 * Finds the stored incident that an incident continues; see saving.h. An earlier record gives an
 * incident another key, but not another internal number, so its rows stay as they are. Called by
 * casebook_save() within its transaction.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "store/casebook/saving.h"

/* A row of casebook_digests.sql, in order of keys. */
struct stored {
    int64_t incident_no;
    struct sv key, digest, member_digest;
    bool taken;
};

struct matching {
    struct saving *saving;
    struct stored *stored;
    size_t count, left; /* left: not taken */
};

static int
by_key(const void *left, const void *right, void *context)
{
    const struct incident *incidents = context;
    return sv_cmp(incidents[*(const size_t *)left].incident_key,
                  incidents[*(const size_t *)right].incident_key);
}

static void
sort_keys(struct saving *saving)
{
    size_t count = saving->correlation->incident_count;
    size_t *places = ARENA_ARRAY(&saving->arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    if (count > 1)
        qsort_r(places, count, sizeof(*places), by_key, (void *)saving->correlation->incidents);
    saving->by_key = places;
}

bool
saving_find(const struct saving *saving, struct sv key, size_t *ret_place)
{
    size_t low = 0, high = saving->correlation->incident_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t place = saving->by_key[middle];
        int order = sv_cmp(saving->correlation->incidents[place].incident_key, key);
        if (order == 0) {
            *ret_place = place;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* -------------------------------------------------------------------- stored */

/* Of a part, those with the keys that its incidents had or have. */
static int
ask_stored(struct saving *saving, PGresult **ret_result, struct err *err)
{
    const struct casebook_part *part = saving->part;
    if (part == NULL)
        return store_sql(saving->store, QUERY_casebook_digests, &saving->scope, 1, ret_result, err);
    saving_begin(saving);
    for (size_t i = 0; i < part->key_count; i++) {
        json_put_comma(&saving->rows);
        json_put_string(&saving->rows, part->keys[i]);
    }
    for (size_t i = 0; i < saving->correlation->incident_count; i++) {
        json_put_comma(&saving->rows);
        json_put_string(&saving->rows, saving->correlation->incidents[i].incident_key);
    }
    strbuf_add_char(&saving->rows, ']');
    if (saving_check(&saving->rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, saving->rows.ptr};
    return store_sql(saving->store, QUERY_casebook_part_stored, values, 2, ret_result, err);
}

static int
read_stored(struct matching *matching, struct err *err)
{
    struct saving *saving = matching->saving;
    PGresult *result;
    if (ask_stored(saving, &result, err) != 0)
        return -1;
    matching->count = matching->left = (size_t)PQntuples(result);
    matching->stored = ARENA_ARRAY(&saving->arena, struct stored, matching->count + 1);
    for (size_t i = 0; i < matching->count; i++)
        matching->stored[i] = (struct stored){
            .key = column_text(&saving->arena, result, (int)i, 0),
            .digest = column_text(&saving->arena, result, (int)i, 1),
            .member_digest = column_text(&saving->arena, result, (int)i, 2),
            .incident_no = column_int(result, (int)i, 3),
        };
    PQclear(result);
    return 0;
}

static void
take(struct matching *matching, size_t place, struct stored *stored)
{
    struct incident_state *state = &matching->saving->states[place];
    stored->taken = true;
    matching->left--;
    state->stored = true;
    state->incident_no = stored->incident_no;
    state->becomes = !sv_eq(stored->digest, sv_from(state->digest));
    state->same = !state->becomes && sv_eq(stored->member_digest, sv_from(state->member_digest)) &&
                  (matching->saving->part == NULL || !matching->saving->part->anew);
}

static void
take_by_key(struct matching *matching)
{
    size_t place;
    for (size_t i = 0; i < matching->count; i++)
        if (saving_find(matching->saving, matching->stored[i].key, &place))
            take(matching, place, &matching->stored[i]);
}

static struct stored *
stored_with(struct matching *matching, int64_t incident_no)
{
    for (size_t i = 0; i < matching->count; i++)
        if (matching->stored[i].incident_no == incident_no)
            return &matching->stored[i];
    return NULL;
}

/* Only those that no key led to are asked for, so this is rare and short. */
static int
take_by_members(struct matching *matching, struct err *err)
{
    struct saving *saving = matching->saving;
    const struct incident *incidents = saving->correlation->incidents;
    PGresult *result;
    if (matching->left == 0)
        return 0;
    saving_begin(saving);
    for (size_t i = 0; i < saving->correlation->incident_count; i++)
        for (size_t k = 0; !saving->states[i].stored && k < incidents[i].member_count; k++) {
            json_put_comma(&saving->rows);
            strbuf_addf(&saving->rows, "[%zu,", i);
            json_put_string(&saving->rows, incidents[i].member_uids[k]);
            strbuf_add_char(&saving->rows, ']');
        }
    strbuf_add_char(&saving->rows, ']');
    if (saving_check(&saving->rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, saving->rows.ptr};
    if (store_sql(saving->store, QUERY_casebook_successors, values, 2, &result, err) != 0)
        return -1;
    for (int row = 0; row < PQntuples(result); row++) {
        size_t place = (size_t)column_int(result, row, 0);
        struct stored *stored = stored_with(matching, column_int(result, row, 1));
        if (stored != NULL && !stored->taken && !saving->states[place].stored)
            take(matching, place, stored);
    }
    PQclear(result);
    return 0;
}

static int
number_new(struct saving *saving, struct err *err)
{
    size_t count = saving->correlation->incident_count, fresh = 0;
    char text[INT_TEXT];
    PGresult *result;
    for (size_t i = 0; i < count; i++)
        fresh += saving->states[i].stored ? 0 : 1;
    if (fresh == 0)
        return 0;
    const char *values[] = {int_text((int64_t)fresh, text)};
    if (store_sql(saving->store, QUERY_casebook_next_numbers, values, 1, &result, err) != 0)
        return -1;
    int row = 0;
    for (size_t i = 0; i < count; i++)
        if (!saving->states[i].stored)
            saving->states[i].incident_no = column_int(result, row++, 0);
    PQclear(result);
    return 0;
}

static int
digest_incidents(struct saving *saving, struct err *err)
{
    const struct correlation *correlation = saving->correlation;
    for (size_t i = 0; i < correlation->incident_count; i++) {
        const struct incident *incident = &correlation->incidents[i];
        struct incident_state *state = &saving->states[i];
        struct sha256 digest;
        if (casebook_digest(correlation->scope, incident, &saving->scratch, state->digest, err) !=
            0)
            return -1;
        strbuf_clear(&saving->scratch);
        for (size_t k = 0; k < incident->member_count; k++)
            strbuf_add_sv(&saving->scratch, incident->member_uids[k]);
        if (saving_check(&saving->scratch, err) != 0)
            return -1;
        sha256_of(saving->scratch.ptr, saving->scratch.len, &digest);
        sha256_hex(&digest, state->member_digest);
    }
    return 0;
}

int
saving_match(struct saving *saving, struct err *err)
{
    struct matching matching = {.saving = saving};
    size_t count = saving->correlation->incident_count;
    saving->states = ARENA_ARRAY(&saving->arena, struct incident_state, count + 1);
    sort_keys(saving);
    if (digest_incidents(saving, err) != 0 || read_stored(&matching, err) != 0)
        return -1;
    take_by_key(&matching);
    if (take_by_members(&matching, err) != 0 || number_new(saving, err) != 0)
        return -1;
    saving->gone = ARENA_ARRAY(&saving->arena, int64_t, matching.left + 1);
    for (size_t i = 0; i < matching.count; i++)
        if (!matching.stored[i].taken)
            saving->gone[saving->gone_count++] = matching.stored[i].incident_no;
    return 0;
}
