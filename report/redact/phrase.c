/*
 * Phrases: see phrase.h. Finding one is names_at() of names.h.
 */
#include "report/redact/phrase.h"

#include "base/memory.h"
#include "report/redact/identity.h"

void
phrase_add_dense(struct names *names, struct sv folded, struct identity *identity)
{
    names->dense = memory_grow(names->dense, &names->dense_room[0], names->dense_count + 1,
                               sizeof(*names->dense));
    names->dense_of = memory_grow(names->dense_of, &names->dense_room[1], names->dense_count + 1,
                                  sizeof(struct identity *));
    names->dense[names->dense_count] = folded;
    names->dense_of[names->dense_count++] = identity;
}

static struct sv
first_word(struct sv joined)
{
    return sv_slice(joined, 0, sv_find_char(joined, ' '));
}

void
phrase_add(struct names *names, struct phrase phrase, size_t words)
{
    uint8_t *most = &names->most_words[names_slot(first_word(phrase.joined), 1)];
    *most = words > *most ? (uint8_t)words : *most;
    struct phrase **slot = &names->phrases[names_slot(phrase.joined, 0)];
    for (struct phrase *old = *slot; old != NULL; old = old->next) {
        if (!sv_eq(old->joined, phrase.joined) || !sv_eq(old->exact, phrase.exact))
            continue;
        if (old->kind == phrase.kind && old->identity != phrase.identity)
            old->identity = NULL;
        if (old->kind == phrase.kind)
            old->capital = old->capital && phrase.capital;
        if (phrase.kind < old->kind) {
            phrase.next = old->next;
            *old = phrase;
        }
        return;
    }
    struct phrase *made = ARENA_NEW(&names->arena, struct phrase);
    *made = phrase;
    made->next = *slot;
    *slot = made;
}

static bool
fits(const struct phrase *phrase, struct sv text, const struct fold_word *words, size_t at,
     size_t last, struct arena *scratch)
{
    char before = words[at].from == 0 ? '\0' : text.ptr[words[at].from - 1];
    if (phrase->capital && !words[at].capital && before != '@')
        return false;
    if (phrase->sigil && before != '#' && before != ':' && before != '@')
        return false;
    return phrase->exact.ptr == NULL ||
           sv_eq(phrase->exact, fold_text(scratch, sv_slice(text, words[at].from, words[last].to)));
}

size_t
names_at(const struct names *names, struct sv text, const struct fold_word *words, size_t count,
         size_t at, struct arena *scratch, enum redact_kind *ret_kind,
         struct identity **ret_identity)
{
    size_t most = names->most_words[names_slot(words[at].folded, 1)];
    most = count - at < most ? count - at : most;
    for (size_t length = most; length > 0; length--) {
        struct sv joined = fold_joined(scratch, words + at, length);
        const struct phrase *phrase = names->phrases[names_slot(joined, 0)];
        for (; phrase != NULL; phrase = phrase->next)
            if (sv_eq(phrase->joined, joined) && names->policy->show[phrase->kind] != SHOW_KEPT &&
                fits(phrase, text, words, at, at + length - 1, scratch)) {
                *ret_kind = phrase->kind;
                *ret_identity = phrase->identity;
                return length;
            }
    }
    return 0;
}
