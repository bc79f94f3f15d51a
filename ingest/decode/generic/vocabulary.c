/*
 * The words of the generic reader: see vocabulary.h and vocabulary.def. A hash table that is filled
 * once and read by every worker's thread.
 */
#include "ingest/decode/generic/vocabulary.h"

#include <assert.h>
#include <pthread.h>

/* All that a word can mean: as a key, within one, or as what stands behind one. */
struct meaning {
    struct sv word; /* absent: a free place */
    uint8_t role, role_rank;
    uint8_t moment, moment_rank; /* only where `stem` */
    uint8_t container;
    uint8_t alert_state, change_state;
    uint8_t kind_word, kind_key;
    bool stem, certain, unit, clock;
};

#define MEANINGS_MAX 4096 /* a power of two, more than twice what is needed */
static struct meaning meanings[MEANINGS_MAX];
static size_t meaning_count;

/* Where the word is, or belongs. */
static struct meaning *
slot_of(struct sv word)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (uint8_t)word.ptr[i]) * UINT32_C(16777619);
    size_t at = (hash ^ hash >> 15) & (MEANINGS_MAX - 1);
    while (meanings[at].word.ptr != NULL && !sv_eq(meanings[at].word, word))
        at = (at + 1) & (MEANINGS_MAX - 1);
    return &meanings[at];
}

/* Each of the words gets a meaning; one that it has already stays. */
static struct meaning *
next_word(struct sv *rest)
{
    struct sv word;
    if (!sv_split(rest, ' ', &word))
        return NULL;
    struct meaning *meaning = slot_of(word);
    if (meaning->word.ptr == NULL)
        meaning_count++;
    meaning->word = word;
    assert(!sv_empty(word) && meaning_count < MEANINGS_MAX / 2);
    return meaning;
}

#define EACH_WORD(words)                                                                           \
    for (struct sv rest = sv_from(words); (meaning = next_word(&rest)) != NULL;)

static void
fill_keys(void)
{
    struct meaning *meaning;
#define ROLE_OF(name, surety, words)                                                               \
    EACH_WORD(words) if (meaning->role == ROLE_NONE)                                               \
    {                                                                                              \
        meaning->role = ROLE_##name;                                                               \
        meaning->role_rank = surety;                                                               \
    }
#define MOMENT_OF(name, surety, words)                                                             \
    EACH_WORD(words) if (!meaning->stem)                                                           \
    {                                                                                              \
        meaning->stem = true;                                                                      \
        meaning->moment = MOMENT_##name;                                                           \
        meaning->moment_rank = surety;                                                             \
    }
#define CONTAINER_OF(name, words)                                                                  \
    EACH_WORD(words)                                                                               \
    meaning->container = CONTAINER_##name;
#define KIND_KEY(name, words)                                                                      \
    EACH_WORD(words)                                                                               \
    meaning->kind_key = EVENT_##name;
#define UNIT_OF(words)                                                                             \
    EACH_WORD(words)                                                                               \
    meaning->unit = true;
#define CLOCK_OF(words)                                                                            \
    EACH_WORD(words)                                                                               \
    meaning->clock = true;
#include "ingest/decode/generic/vocabulary.def"
#undef ROLE_OF
#undef MOMENT_OF
#undef CONTAINER_OF
#undef KIND_KEY
#undef UNIT_OF
#undef CLOCK_OF
}

static void
fill_values(void)
{
    struct meaning *meaning;
#define ALERT_STATE(phase, sure, words)                                                            \
    EACH_WORD(words) if (meaning->alert_state == PHASE_NONE)                                       \
    {                                                                                              \
        meaning->alert_state = PHASE_##phase;                                                      \
        meaning->certain = sure;                                                                   \
    }
#define CHANGE_STATE(phase, words)                                                                 \
    EACH_WORD(words) if (meaning->change_state == PHASE_NONE) meaning->change_state = PHASE_##phase;
#define KIND_WORD(name, words)                                                                     \
    EACH_WORD(words)                                                                               \
    meaning->kind_word = EVENT_##name;
#include "ingest/decode/generic/vocabulary.def"
}

static void
fill(void)
{
    fill_keys();
    fill_values();
}

static const struct meaning *
find(struct sv word)
{
    static pthread_once_t filled = PTHREAD_ONCE_INIT;
    static const struct meaning nothing;
    pthread_once(&filled, fill);
    const struct meaning *meaning = slot_of(word);
    return meaning->word.ptr == NULL ? &nothing : meaning;
}

/* ---- keys ---- */

/* "alarmState", "pipeline_status": what comes behind the name of the thing. */
static const struct meaning *
role_of_thing(const struct key *key, int *ret_more)
{
    const struct meaning *meaning = find(key_all(key));
    *ret_more = 0;
    if (meaning->role != ROLE_NONE || key->words < 2 ||
        find(key_word(key, 0))->kind_key == EVENT_NO_KIND)
        return meaning;
    *ret_more = 1;
    return find(key_from(key, 1));
}

enum role
vocabulary_role(const struct key *key, int *ret_rank)
{
    int more;
    const struct meaning *meaning = role_of_thing(key, &more);
    *ret_rank = meaning->role_rank + more;
    if (meaning->role != ROLE_NONE || key->words == 1)
        return (enum role)meaning->role;
    struct sv last = key_word(key, key->words - 1);
    *ret_rank = 6;
    return sv_eq(last, SV("url")) || sv_eq(last, SV("link")) ? ROLE_URL : ROLE_NONE;
}

enum container
vocabulary_container(const struct key *key)
{
    return (enum container)find(key_all(key))->container;
}

enum event_kind
vocabulary_kind_of_key(const struct key *key, struct sv *ret_word)
{
    const struct meaning *meaning = find(key_all(key));
    if (meaning->kind_key == EVENT_NO_KIND && key->words > 1)
        meaning = find(key_word(key, 0));
    *ret_word = meaning->kind_key == EVENT_NO_KIND ? SV_NONE : meaning->word;
    return (enum event_kind)meaning->kind_key;
}

/* ---- times ---- */

static enum moment
moment_of(struct sv stem, int more, int *ret_rank)
{
    const struct meaning *meaning = find(stem);
    if (!meaning->stem)
        return MOMENTS;
    *ret_rank = meaning->moment_rank + more;
    return (enum moment)meaning->moment;
}

/* "created", "lastSeen": without a word for a time only what was done to it tells of one. */
static enum moment
moment_of_deed(struct sv word, int *ret_rank)
{
    enum moment moment = moment_of(word, 2, ret_rank);
    return moment == MOMENT_ITSELF ? MOMENTS : moment;
}

/* The words of a stem: one that is known for no time spoils it, else its last one tells. */
static enum moment
moment_of_words(const struct key *key, size_t from, size_t to, int *ret_rank)
{
    int rank;
    struct sv stem =
        sv_of(key->text + key->starts[from], (size_t)(key->starts[to] - key->starts[from]));
    *ret_rank = 0;
    if (from == to)
        return MOMENT_ITSELF;
    enum moment moment = moment_of(stem, 0, ret_rank);
    if (moment != MOMENTS)
        return moment;
    for (size_t i = from; i < to; i++)
        if (moment_of(key_word(key, i), 0, &rank) == MOMENT_NONE)
            return MOMENT_NONE;
    moment = moment_of(key_word(key, to - 1), 1, ret_rank);
    *ret_rank = moment == MOMENTS ? 8 : *ret_rank;
    return moment == MOMENTS ? MOMENT_RECEIVED : moment;
}

/* "startsat", "eventtime": one word that ends in a clock, with a stem that is known. */
static enum moment
moment_of_one_word(struct sv word, int *ret_rank)
{
    static const char *const clocks[] = {"datetime", "timestamp", "time", "date", "at", "ts", "on"};
    enum moment moment = moment_of_deed(word, ret_rank);
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]) && moment == MOMENTS; i++)
        if (sv_ends(word, sv_from(clocks[i])) && word.len > strlen(clocks[i]))
            moment = moment_of(sv_slice(word, 0, word.len - strlen(clocks[i])), 0, ret_rank);
    return moment == MOMENTS ? MOMENT_NONE : moment;
}

enum moment
vocabulary_moment(const struct key *key, int *ret_rank)
{
    size_t to = key->words;
    while (to > 1 && find(key_word(key, to - 1))->unit)
        to--;
    size_t whole = to;
    while (to > 0 && find(key_word(key, to - 1))->clock)
        to--;
    if (to < whole)
        return moment_of_words(key, 0, to, ret_rank);
    /* "timeGenerated", "date_created" */
    const struct meaning *first = find(key_word(key, 0));
    if (whole > 1 && first->clock)
        return moment_of_words(key, 1, whole, ret_rank);
    if (whole == 1 && first->unit) {
        *ret_rank = 1;
        return MOMENT_ITSELF;
    }
    struct sv all = key_before(key, whole);
    if (whole == 1)
        return moment_of_one_word(all, ret_rank);
    enum moment moment = moment_of_deed(all, ret_rank);
    return moment == MOMENTS ? MOMENT_NONE : moment;
}

/* ---- states and kinds ---- */

static const struct meaning *
find_text(struct sv text)
{
    struct key key;
    return key_read(text, &key) ? find(key_all(&key)) : find(SV(""));
}

enum event_phase
vocabulary_alert_phase(struct sv word, bool *ret_certain)
{
    const struct meaning *meaning = find_text(word);
    *ret_certain = meaning->certain;
    return (enum event_phase)meaning->alert_state;
}

enum event_phase
vocabulary_change_phase(struct sv word)
{
    return (enum event_phase)find_text(word)->change_state;
}

enum event_kind
vocabulary_kind(struct sv type)
{
    struct key key;
    if (!key_read(type, &key))
        return EVENT_NO_KIND;
    enum event_kind kind = (enum event_kind)find(key_all(&key))->kind_word;
    for (size_t i = 0; i < key.words && kind == EVENT_NO_KIND; i++)
        kind = (enum event_kind)find(key_word(&key, i))->kind_word;
    return kind;
}
