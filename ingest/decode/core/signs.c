/*
 * Signs and the files they are in: see signs.h.
 */
#include "ingest/decode/core/signs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct condition {
    struct field_list list;
    struct sv *words; /* NULL: any */
    size_t word_count;
    bool opens; /* holds a list, or a text that may be JSON */
};

struct sign {
    struct condition *conditions;
    size_t count;
    uint32_t number; /* who is asked */
};

/* A sign in a file, and which of its conditions holds for whoever comes to it there. */
struct filed {
    uint32_t sign, condition;
};

/* The signs that are filed under a field, or under a field and a word. */
struct file {
    int field;
    struct sv word; /* absent: under the field alone */
    struct filed *signs;
    size_t count, uses; /* filed here; conditions that could be */
};

/* What there is for a field. */
struct drawer {
    const struct file *file; /* under the field alone, or NULL */
    size_t longest_word;     /* of the other files; 0: there are none */
};

static struct arena memory; /* as long as there are signs */
static struct sign *signs;
static size_t sign_count, sign_size;

static struct {
    struct file *files;     /* a hash table */
    size_t size;            /* a power of two */
    struct drawer *drawers; /* by the number of the field */
    size_t fields;          /* known when it was made */
    uint64_t near[TAPE_WORDS];
} cabinet;

/* ---- who is asked ---- */

void
asked_insert(struct asked *asked, uint32_t number, bool by_signs)
{
    size_t at = asked->count;
    assert(asked->list != NULL);
    while (at > 0 && asked->list[at - 1].number > number)
        at--;
    if (at > 0 && asked->list[at - 1].number == number) {
        asked->list[at - 1].signs |= by_signs;
        return;
    }
    if (asked->count == asked->size) {
        struct asked_one *larger = ARENA_ARRAY(asked->arena, struct asked_one, 2 * asked->size);
        memcpy(larger, asked->list, asked->count * sizeof(*larger));
        asked->list = larger;
        asked->size *= 2;
    }
    memmove(&asked->list[at + 1], &asked->list[at], (asked->count - at) * sizeof(*asked->list));
    asked->list[at] = (struct asked_one){number, by_signs};
    asked->count++;
}

/* ---- reading them ---- */

static size_t
parts_of(struct sv text, char separator)
{
    size_t count = 0;
    for (struct sv part; sv_split(&text, separator, &part);)
        count++;
    return count;
}

static void
read_condition(struct sv text, struct condition *ret_condition)
{
    struct sv paths, words = sv_trim(text), word;
    *ret_condition = (struct condition){.words = NULL};
    sv_split(&words, '=', &paths);
    assert(!sv_empty(sv_trim(paths)));
    paths = sv_trim(paths);
    ret_condition->opens = sv_ends(paths, SV("[]"));
    paths.len -= ret_condition->opens ? 2 : 0;
    ret_condition->list.paths = arena_strdup(&memory, paths);
    tape_register(&ret_condition->list);
    if (words.ptr == NULL)
        return;
    assert(ret_condition->list.count == 1);
    ret_condition->words = ARENA_ARRAY(&memory, struct sv, parts_of(words, '|'));
    while (sv_split(&words, '|', &word)) {
        assert(!sv_empty(sv_trim(word)));
        ret_condition->words[ret_condition->word_count++] = arena_copy(&memory, sv_trim(word));
    }
}

static struct sign *
new_sign(void)
{
    signs = memory_grow(signs, &sign_size, sign_count + 1, sizeof(*signs));
    return &signs[sign_count++];
}

void
signs_add(const char *text, uint32_t number)
{
    struct sv rest = sv_from(text), one, part;
    assert(cabinet.size == 0 && !sv_empty(rest));
    if (memory.block_bytes == 0)
        arena_init(&memory, 0);
    while (sv_split(&rest, ';', &one)) {
        struct sign *sign = new_sign();
        *sign = (struct sign){.number = number};
        sign->conditions = ARENA_ARRAY(&memory, struct condition, parts_of(one, ','));
        while (sv_split(&one, ',', &part))
            read_condition(part, &sign->conditions[sign->count++]);
    }
}

/* ---- filing them ---- */

/* Where the file of a field and a word is, or belongs. */
static struct file *
slot_of(int field, struct sv word)
{
    uint64_t hash = (uint64_t)field * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        uint8_t lower = (uint8_t)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        hash = (hash ^ lower) * UINT64_C(0x100000001B3);
    }
    size_t at = (size_t)(hash >> 24) & (cabinet.size - 1);
    while (cabinet.files[at].field != 0 &&
           (cabinet.files[at].field != field || !sv_eq_nocase(cabinet.files[at].word, word)))
        at = (at + 1) & (cabinet.size - 1);
    return &cabinet.files[at];
}

/* How many files a condition leads to: one a word, or one a field. */
static size_t
files_of(const struct condition *condition)
{
    return condition->words != NULL ? condition->word_count : (size_t)condition->list.count;
}

static struct file *
file_of(const struct condition *condition, size_t number)
{
    bool words = condition->words != NULL;
    int field = condition->list.fields[words ? 0 : number];
    struct sv word = words ? condition->words[number] : SV_NONE;
    struct file *file = slot_of(field, word);
    file->field = field;
    file->word = word;
    return file;
}

static size_t
most_uses(const struct condition *condition)
{
    size_t most = 0;
    for (size_t i = 0; i < files_of(condition); i++) {
        size_t uses = file_of(condition, i)->uses;
        most = uses > most ? uses : most;
    }
    return most;
}

/* Of equals the condition that is named first. */
static uint32_t
least_shared(const struct sign *sign)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < sign->count; i++)
        if (most_uses(&sign->conditions[i]) < most_uses(&sign->conditions[least]))
            least = i;
    return least;
}

static void
put_sign(struct file *file, struct filed filed)
{
    struct drawer *drawer = &cabinet.drawers[tape_field_number(file->field)];
    if (file->signs == NULL)
        file->signs = ARENA_ARRAY(&memory, struct filed, file->uses);
    assert(file->count < file->uses);
    file->signs[file->count++] = filed;
    if (file->word.ptr == NULL)
        drawer->file = file;
    else if (file->word.len > drawer->longest_word)
        drawer->longest_word = file->word.len;
    if (file->field < TAPE_NEAR)
        cabinet.near[file->field / 64] |= UINT64_C(1) << (file->field % 64);
}

static void
make_cabinet(void)
{
    size_t files = 1;
    for (size_t i = 0; i < sign_count; i++)
        for (size_t k = 0; k < signs[i].count; k++)
            files += files_of(&signs[i].conditions[k]);
    for (cabinet.size = 64; cabinet.size < 2 * files;)
        cabinet.size *= 2;
    if (memory.block_bytes == 0)
        arena_init(&memory, 0);
    cabinet.files = ARENA_ARRAY(&memory, struct file, cabinet.size);
    cabinet.fields = tape_field_count();
    cabinet.drawers = ARENA_ARRAY(&memory, struct drawer, cabinet.fields);
}

void
signs_file(void)
{
    assert(cabinet.size == 0);
    make_cabinet();
    for (size_t i = 0; i < sign_count; i++)
        for (size_t k = 0; k < signs[i].count; k++)
            for (size_t n = 0; n < files_of(&signs[i].conditions[k]); n++)
                file_of(&signs[i].conditions[k], n)->uses++;
    for (uint32_t i = 0; i < sign_count; i++) {
        const struct filed filed = {i, least_shared(&signs[i])};
        const struct condition *condition = &signs[i].conditions[filed.condition];
        for (size_t n = 0; n < files_of(condition); n++)
            put_sign(file_of(condition, n), filed);
    }
}

void
signs_forget(void)
{
    if (memory.block_bytes != 0)
        arena_release(&memory);
    memory = (struct arena){.block_bytes = 0};
    sign_count = 0;
    memset(&cabinet, 0, sizeof(cabinet));
}

/* ---- comparing records with them ---- */

/* The first of its fields that is there. */
static const struct tape_value *
value_of(const struct tape *tape, const struct condition *condition)
{
    const struct tape_value *value = NULL;
    for (int i = 0; i < condition->list.count && value == NULL; i++)
        value = tape_alternative(tape, &condition->list, i);
    return value;
}

static bool
may_open(const struct tape_value *value)
{
    return value->type == TAPE_ARRAY || (value->type == TAPE_STRING && value->len > 1 &&
                                         (value->ptr[0] == '{' || value->ptr[0] == '['));
}

static bool
holds(struct arena *arena, const struct tape *tape, const struct condition *condition)
{
    const struct tape_value *value = value_of(tape, condition);
    if (value != NULL && condition->opens)
        return may_open(value);
    if (value == NULL || condition->words == NULL)
        return value != NULL;
    struct sv text = tape_text(arena, value);
    for (size_t i = 0; i < condition->word_count; i++)
        if (sv_eq_nocase(text, condition->words[i]))
            return true;
    return false;
}

static size_t
compare(struct arena *arena, const struct tape *tape, const struct file *file, struct asked *asked)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct sign *sign = &signs[file->signs[i].sign];
        size_t held = 0;
        while (held < sign->count &&
               ((held == file->signs[i].condition && !sign->conditions[held].opens) ||
                holds(arena, tape, &sign->conditions[held])))
            held++;
        if (held == sign->count)
            asked_add(asked, sign->number, true);
    }
    return file->count;
}

/* The files of a field that the text holds. Most texts are longer than any word. */
static size_t
compare_field(struct arena *arena, const struct tape *tape, int field, struct asked *asked)
{
    size_t number = tape_field_number(field), compared = 0;
    const struct tape_value *value = tape_value_of(tape, field);
    if (number >= cabinet.fields || value == NULL)
        return 0;
    const struct drawer *drawer = &cabinet.drawers[number];
    if (drawer->file != NULL)
        compared = compare(arena, tape, drawer->file, asked);
    if (drawer->longest_word == 0 || (value->len > drawer->longest_word && !value->escaped))
        return compared;
    struct sv text = tape_text(arena, value);
    return sv_empty(text) ? compared : compared + compare(arena, tape, slot_of(field, text), asked);
}

/* Most records hold no field under which there are signs. */
size_t
signs_find(struct arena *arena, const struct tape *tape, struct asked *asked)
{
    size_t compared = 0;
    assert(cabinet.size != 0);
    for (int i = 0; i < TAPE_WORDS; i++)
        for (uint64_t left = tape->present[i] & cabinet.near[i]; left != 0; left &= left - 1)
            compared += compare_field(arena, tape, i * 64 + __builtin_ctzll(left), asked);
    uint32_t slot = 0;
    for (int field; tape->far_count > 0 && (field = tape_next_far(tape, &slot)) >= 0;)
        compared += compare_field(arena, tape, field, asked);
    return compared;
}
