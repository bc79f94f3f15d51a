/*
 * Reading what opens a candidate incident (rules/candidates.tsv): see signs.h.
 */
#include "correlate/candidate/signs.h"

#define WEIGHT_MAX 1000

static size_t
sign_named(struct sv word)
{
    static const char *const words[] = {
#define SIGN(name, word, about) word,
#include "correlate/candidate/signs.def"
        "other_channel",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(word, sv_from(words[i])))
            return i;
    return SIZE_MAX;
}

static bool
read_line(struct arena *arena, struct sv line, struct candidate_rules *rules)
{
    struct sv word, weight;
    int64_t value;
    if (!sv_split(&line, '\t', &word) || !sv_split(&line, '\t', &weight))
        return false;
    size_t kind = sign_named(sv_trim(word));
    if (kind == SIZE_MAX || !sv_to_int64(sv_trim(weight), &value) || value < 0 ||
        value > WEIGHT_MAX)
        return false;
    struct sign_rule *rule = &rules->signs[kind];
    if (rule->lines == CANDIDATE_LINES_MAX)
        return false;
    if (rule->lines == 0)
        rule->weight = (int)value;
    rule->phrases[rule->lines] =
        phrases_split(arena, line.ptr == NULL ? SV("") : line, &rule->phrase_counts[rule->lines]);
    rule->lines++;
    return true;
}

int
candidate_rules_read(struct arena *arena, struct sv text, struct candidate_rules *ret_rules,
                     struct err *err)
{
    struct sv line;
    *ret_rules = (struct candidate_rules){0};
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (!read_line(arena, line, ret_rules))
            return err_set(err, ERR_CONFIG,
                           "what opens a candidate incident, line %d: expected a sign, its weight "
                           "and words, separated by tabs",
                           number);
    }
    return 0;
}
