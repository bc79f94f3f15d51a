/*
 * Languages of phrase rules: see languages.h. Called by correlate_run() once, and for each text.
 */
#include "correlate/story/languages.h"

#define LANGUAGE "@language\t"

/* The next file of `*rest`, from its line "@language" to before the next one; comments that stand
 * before it are passed over. */
static int
take_file(struct sv *rest, struct sv *ret_file, struct err *err)
{
    struct sv all = *rest, line = SV_NONE;
    size_t begin = SIZE_MAX;
    while (rest->len > 0) {
        size_t at = all.len - rest->len;
        if (sv_starts(*rest, SV(LANGUAGE))) {
            if (begin != SIZE_MAX) {
                *ret_file = sv_slice(all, begin, at);
                return 0;
            }
            begin = at;
        }
        sv_split(rest, '\n', &line);
        if (begin == SIZE_MAX && sv_trim(line).len > 0 && line.ptr[0] != '#') {
            err_set(err, ERR_CONFIG, "phrase rules: a further file does not say its language");
            return err_hint(err, "begin it with a line \"@language\", a tab and its name");
        }
    }
    *ret_file = begin == SIZE_MAX ? SV_NONE : sv_slice(all, begin, all.len);
    return 0;
}

static void
inherit_list(struct phrase_rule *list, const struct phrase_rule *first)
{
    if (list->phrase_count == 0)
        *list = *first;
}

static void
inherit_words(struct words *list, const struct words *first)
{
    if (list->count == 0)
        *list = *first;
}

/* What is of no language. */
static int
inherit(struct arena *arena, struct phrase_rules *rules, const struct phrase_rules *first,
        struct err *err)
{
    struct phrase_rule *all = ARENA_ARRAY(arena, struct phrase_rule, rules->count + first->count);
    size_t count = rules->count;
    bool commands = false;
    for (size_t i = 0; i < count; i++) {
        all[i] = rules->rules[i];
        commands = commands || all[i].command;
    }
    for (size_t i = 0; i < first->count && !commands; i++)
        if (first->rules[i].command)
            all[count++] = first->rules[i];
    if (count > PHRASE_RULES_MAX)
        return err_set(err, ERR_CONFIG, "phrase rules: more than %d rules", PHRASE_RULES_MAX);
    rules->rules = all;
    rules->count = count;
    inherit_list(&rules->routine, &first->routine);
    inherit_list(&rules->tool, &first->tool);
    inherit_list(&rules->room, &first->room);
    inherit_list(&rules->operations, &first->operations);
    inherit_list(&rules->aside, &first->aside);
    inherit_list(&rules->mends, &first->mends);
    inherit_list(&rules->desk, &first->desk);
    inherit_words(&rules->person, &first->person);
    inherit_words(&rules->status, &first->status);
    inherit_words(&rules->look, &first->look);
    return 0;
}

/* As the first line of the file says. */
static struct sv
language_named(struct sv file)
{
    struct sv line, name, rest = sv_slice(file, sizeof(LANGUAGE) - 1, file.len);
    if (!sv_split(&rest, '\n', &line) || !sv_split(&line, '\t', &name))
        return SV("a language");
    return sv_trim(name);
}

int
phrase_languages_read(struct arena *arena, struct sv text, struct sv more,
                      struct phrase_rules *ret_rules, struct err *err)
{
    struct phrase_rules first, *last = &first;
    struct sv file;
    int count = 1;
    if (phrase_rules_read(arena, text, &first, err) != 0)
        return -1;
    for (;;) {
        if (take_file(&more, &file, err) != 0)
            return -1;
        if (file.len == 0)
            break;
        if (count++ == LANGUAGES_MAX)
            return err_set(err, ERR_CONFIG, "phrase rules: more than %d languages", LANGUAGES_MAX);
        struct phrase_rules *rules = ARENA_NEW(arena, struct phrase_rules);
        if (phrase_rules_read(arena, file, rules, err) != 0) {
            const struct sv language = language_named(file);
            return err_prefix(err, SV_FMT, SV_ARG(language));
        }
        if (inherit(arena, rules, &first, err) != 0)
            return -1;
        last->next = rules;
        last = rules;
    }
    *ret_rules = first;
    return 0;
}

static size_t
count_telling(const struct phrase_rules *rules, struct words words)
{
    size_t count = 0;
    for (size_t i = 0; i < words.count && rules->telling.count > 0; i++)
        count += words.at[i].len > 0 && word_among(rules->telling, words.at[i]);
    return count;
}

const struct phrase_rules *
phrases_of_language(const struct phrase_rules *rules, struct words words)
{
    const struct phrase_rules *best = rules;
    size_t most = rules->next == NULL ? 0 : count_telling(rules, words);
    for (const struct phrase_rules *at = rules->next; at != NULL; at = at->next) {
        size_t telling = count_telling(at, words);
        if (telling > most) {
            most = telling;
            best = at;
        }
    }
    return best;
}
