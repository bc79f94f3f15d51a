/*
 * Reading what a scan left: see tape.h. Called by decoders on the thread of their worker.
 */
#include "ingest/parse/tape_private.h"

static char *
put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *out++ = (char)(0xE0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    } else {
        *out++ = (char)(0xF0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    return out;
}

struct sv
tape_unescaped(struct arena *arena, struct sv text)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char *copy = arena_alloc(arena, text.len + 1), *out = copy;
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] != '\\') {
            *out++ = text.ptr[at++];
            continue;
        }
        struct sv rest = sv_slice(text, at, text.len);
        if (rest.ptr[1] != 'u') {
            *out++ = meanings[strchr(letters, rest.ptr[1]) - letters];
            at += 2;
            continue;
        }
        unsigned code = (unsigned)tree_escape_unit(rest);
        at += 6;
        if (code >= 0xD800 && code <= 0xDBFF) {
            unsigned low = (unsigned)tree_escape_unit(sv_slice(text, at, text.len));
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 6;
        }
        out = put_utf8(out, code);
    }
    *out = '\0';
    return sv_of(copy, (size_t)(out - copy));
}

static inline const struct tape_value *
named_value(const struct tape *tape, int field)
{
    if (!tape_present(tape, field))
        return NULL;
    return field < TAPE_NEAR ? &tape->values[field] : tape_far_find(tape, field);
}

static inline const struct tape_value *
value_of(const struct tape *tape, int field)
{
    const struct tape_value *found = named_value(tape, field);
    return found == NULL || found->type == TAPE_NULL ? NULL : found;
}

/* Most things are not there: one look tells. */
static inline bool
any_of(const struct tape *tape, const struct field_list *list)
{
    uint64_t both = 0;
    for (size_t i = 0; i < TAPE_WORDS; i++)
        both |= tape->present[i] & list->mask[i];
    return both != 0;
}

const struct tape_value *
tape_find(const struct tape *tape, const struct field_list *list)
{
    if (!any_of(tape, list))
        return NULL;
    for (int i = 0; i < list->count; i++) {
        const struct tape_value *found = value_of(tape, list->fields[i]);
        if (found != NULL && (found->type != TAPE_STRING || found->len > 0))
            return found;
    }
    return NULL;
}

bool
tape_has(const struct tape *tape, const struct field_list *list)
{
    return tape_find(tape, list) != NULL;
}

const struct tape_value *
tape_alternative(const struct tape *tape, const struct field_list *list, int number)
{
    return value_of(tape, list->fields[number]);
}

bool
tape_named(const struct tape *tape, const struct field_list *list)
{
    return named_value(tape, list->fields[0]) != NULL;
}

const struct tape_value *
tape_value_of(const struct tape *tape, int field)
{
    return value_of(tape, field);
}

struct sv
tape_text(struct arena *arena, const struct tape_value *found)
{
    if (found == NULL || found->type == TAPE_NULL || found->type >= TAPE_ARRAY)
        return SV_NONE;
    struct sv text = sv_of(found->ptr, found->len);
    if (found->type == TAPE_NUMBER)
        return tree_number_text(arena, text);
    return found->escaped ? tape_unescaped(arena, text) : text;
}

struct sv
tape_pick(struct arena *arena, const struct tape *tape, const struct field_list *list)
{
    if (!any_of(tape, list))
        return SV_NONE;
    for (int i = 0; i < list->count; i++) {
        const struct tape_value *found = value_of(tape, list->fields[i]);
        if (found != NULL && found->type < TAPE_ARRAY && found->len > 0)
            return tape_text(arena, found);
    }
    return SV_NONE;
}

bool
tape_is(const struct tape *tape, const struct field_list *list, const char *text)
{
    const struct tape_value *found = tape_find(tape, list);
    return found != NULL && found->type == TAPE_STRING && !found->escaped &&
           sv_eq(sv_of(found->ptr, found->len), sv_from(text));
}

static inline bool
taken_by(const struct field_list *taken, int field)
{
    if ((unsigned)field < TAPE_NEAR)
        return (taken->mask[field / 64] >> (field % 64) & 1) != 0;
    bool any_far = (taken->mask[0] & FAR_BIT) != 0;
    for (int i = 0; field != FIELD_NONE && any_far && i < taken->count; i++)
        if (taken->fields[i] == field)
            return true;
    return false;
}

/* By way of a tree: the text holds numbers that must not be passed on as they are. */
static struct sv
rest_of_tree(struct arena *arena, const struct tape *tape, const struct field_list *taken)
{
    enum tree_problem problem;
    json_t *tree = tree_parse(arena, tape->text, &problem);
    struct sv rest = tree_rest(arena, tree, taken->paths);
    json_decref(tree);
    return rest;
}

struct sv
tape_rest(struct arena *arena, const struct tape *tape, const struct field_list *taken)
{
    if (tape->odd)
        return rest_of_tree(arena, tape, taken);
    char *copy = NULL, *out = NULL;
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_member *one = &tape->members[i];
        if (one->type == TAPE_NULL || taken_by(taken, one->field))
            continue;
        if (copy == NULL) {
            copy = out = arena_alloc(arena, tape->text.len + 2);
            *out++ = '{';
        } else {
            *out++ = ',';
        }
        memcpy(out, one->from, (size_t)(one->to - one->from));
        out += one->to - one->from;
    }
    if (copy == NULL)
        return SV_NONE;
    *out++ = '}';
    return sv_of(copy, (size_t)(out - copy));
}
