/*
 * Labels of footnotes: see labels.h.
 */
#include "report/merge/labels.h"

#include <stdlib.h>

#include "base/memory.h"

#define LABEL_BYTES_MAX 100

bool
label_next(struct sv text, size_t *at, struct sv *ret_label)
{
    while (*at < text.len) {
        size_t open = sv_find(sv_slice(text, *at, text.len), SV("[^"));
        if (open == SIZE_MAX)
            break;
        size_t from = *at + open + 2;
        size_t length = sv_find_char(sv_slice(text, from, text.len), ']');
        struct sv label = length == SIZE_MAX ? SV_NONE : sv_slice(text, from, from + length);
        bool plain = label.len > 0 && label.len <= LABEL_BYTES_MAX;
        for (size_t i = 0; i < label.len && plain; i++)
            plain = !sv_blank(label.ptr[i]) && label.ptr[i] != '[' && label.ptr[i] != '^';
        *at = from;
        if (plain) {
            *at = from + length + 1;
            *ret_label = label;
            return true;
        }
    }
    *at = text.len;
    return false;
}

/* --------------------------------------------------------------- definitions */

struct note {
    struct sv label;
    uint64_t key;
};

struct notes {
    struct note *at;
    size_t count, room;
};

static void
find_notes(const struct side *side, struct notes *notes)
{
    for (size_t i = 0; i < side->count; i++) {
        struct sv label = unit_label(&side->units[i]);
        if (sv_empty(label))
            continue;
        notes->at = memory_grow(notes->at, &notes->room, notes->count + 1, sizeof(*notes->at));
        notes->at[notes->count++] = (struct note){label, side->shapes[i].id};
    }
}

static const struct note *
note_called(const struct notes *notes, struct sv label)
{
    for (size_t i = 0; i < notes->count; i++)
        if (sv_eq(notes->at[i].label, label))
            return &notes->at[i];
    return NULL;
}

static const struct note *
note_about(const struct notes *notes, uint64_t key)
{
    for (size_t i = 0; i < notes->count; i++)
        if (notes->at[i].key == key)
            return &notes->at[i];
    return NULL;
}

/* -------------------------------------------------------------------- labels */

static int
compare_labels(const void *a, const void *b)
{
    return sv_cmp(((const struct label *)a)->from, ((const struct label *)b)->from);
}

static const struct label *
find(const struct labels *labels, struct sv label)
{
    const struct label wanted = {.from = label};
    return labels->count == 0
               ? NULL
               : bsearch(&wanted, labels->at, labels->count, sizeof(*labels->at), compare_labels);
}

/* Each label once, sorted. */
static void
collect(const struct side *side, struct labels *labels, struct arena *arena)
{
    struct label *found = NULL;
    size_t room = 0, count = 0, kept = 0;
    for (size_t i = 0; i < side->count; i++) {
        struct sv label;
        for (size_t at = 0; label_next(side->units[i].text, &at, &label);) {
            found = memory_grow(found, &room, count + 1, sizeof(*found));
            found[count++] = (struct label){label, label};
        }
    }
    if (count > 1)
        qsort(found, count, sizeof(*found), compare_labels);
    labels->at = ARENA_ARRAY(arena, struct label, count + 1);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !sv_eq(found[i].from, labels->at[kept - 1].from))
            labels->at[kept++] = found[i];
    labels->count = kept;
    free(found);
}

/* Neither in the generated text nor among those that are in the edited one. */
static struct sv
fresh(const struct labels *labels, const struct labels *taken, struct sv label, struct arena *arena)
{
    for (int n = 2;; n++) {
        struct sv other = arena_printf(arena, SV_FMT "-%d", SV_ARG(label), n);
        if (find(labels, other) == NULL && find(taken, other) == NULL)
            return other;
    }
}

void
labels_of(const struct side *edited, const struct side *base, const struct side *generated,
          struct arena *arena, struct labels *ret_labels)
{
    struct notes own = {0}, former = {0}, new = {0};
    struct labels taken;
    find_notes(edited, &own);
    find_notes(base, &former);
    find_notes(generated, &new);
    collect(edited, ret_labels, arena);
    collect(generated, &taken, arena);
    for (size_t i = 0; i < ret_labels->count; i++) {
        struct label *label = &ret_labels->at[i];
        const struct note *note = note_called(&own, label->from);
        if (note == NULL)
            note = note_called(&former, label->from);
        const struct note *now = note == NULL ? NULL : note_about(&new, note->key);
        bool other = note == NULL ? note_called(&new, label->from) != NULL
                                  : find(&taken, label->from) != NULL;
        if (now != NULL)
            label->to = now->label;
        else if (other) /* it means something else there */
            label->to = fresh(ret_labels, &taken, label->from, arena);
    }
    free(own.at);
    free(former.at);
    free(new.at);
}

static void
put_labels(const struct labels *labels, struct sv text, bool known_only, struct strbuf *out)
{
    size_t at = 0, done = 0;
    struct sv label;
    while (label_next(text, &at, &label)) {
        const struct label *known = find(labels, label);
        size_t from = (size_t)(label.ptr - text.ptr);
        bool left_out = known == NULL && known_only;
        strbuf_add_sv(out, sv_slice(text, done, left_out ? from - 2 : from));
        if (!left_out)
            strbuf_add_sv(out, known == NULL ? label : known->to);
        done = left_out ? at : from + label.len;
    }
    strbuf_add_sv(out, sv_slice(text, done, text.len));
}

void
labels_put(const struct labels *labels, struct sv text, struct strbuf *out)
{
    put_labels(labels, text, false, out);
}

void
labels_put_known(const struct labels *labels, struct sv text, struct strbuf *out)
{
    put_labels(labels, text, true, out);
}
