/*
 * Points of a rank, as text: see rank.h.
 */
#include "correlate/rank/rank.h"

#define WORTH "worth"

static const char *const words[RANK_FACTS] = {
#define RANK_FACT(name, word, one, many) [RANK_##name] = (word),
#include "correlate/rank/facts.def"
};

const char *
rank_fact_word(enum rank_fact fact)
{
    return words[fact];
}

static bool
read_points(struct sv cell, int32_t *ret_points)
{
    int64_t points;
    if (!sv_to_int64(sv_trim(cell), &points) || points < -RANK_POINTS_MAX ||
        points > RANK_POINTS_MAX)
        return false;
    *ret_points = (int32_t)points;
    return true;
}

static bool
read_line(struct sv line, struct rank_line *ret_line)
{
    struct sv word, least, points = line;
    if (!sv_split(&points, '\t', &word) || !sv_split(&points, '\t', &least) || points.ptr == NULL)
        return false;
    enum rank_fact fact = 0;
    while (fact < RANK_FACTS && !sv_eq(sv_trim(word), sv_from(words[fact])))
        fact++;
    ret_line->fact = fact;
    return fact < RANK_FACTS && sv_to_int64(sv_trim(least), &ret_line->least) &&
           ret_line->least >= 1 && read_points(points, &ret_line->points);
}

static bool
is_known(const struct rank_rules *rules, const struct rank_line *line)
{
    for (size_t i = 0; i < rules->count; i++)
        if (rules->lines[i].fact == line->fact && rules->lines[i].least == line->least)
            return true;
    return false;
}

/* "worth", a tab and points: false where it is none. The first counts. */
static bool
read_worth(struct sv line, struct rank_rules *rules, bool *known)
{
    struct sv word, points = line;
    int32_t worth;
    if (!sv_split(&points, '\t', &word) || !sv_eq(sv_trim(word), SV(WORTH)) || points.ptr == NULL ||
        !read_points(points, &worth))
        return false;
    rules->worth = *known ? rules->worth : worth;
    *known = true;
    return true;
}

int
rank_rules_read(struct sv text, struct rank_rules *ret_rules, struct err *err)
{
    struct rank_rules rules = {.count = 0};
    struct sv line;
    bool worth_known = false;
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        struct rank_line read;
        if (sv_trim(line).len == 0 || line.ptr[0] == '#' || read_worth(line, &rules, &worth_known))
            continue;
        if (!read_line(line, &read)) {
            err_set(err, ERR_CONFIG,
                    "rank, line %d: expected a fact, the least number and points (%d at most), or "
                    "'worth' and points, separated by tabs",
                    number, RANK_POINTS_MAX);
            return err_hint(err, "docs/correlation.md, What deserves a look, has the facts");
        }
        if (is_known(&rules, &read))
            continue;
        if (rules.count == RANK_LINES_MAX)
            return err_set(err, ERR_CONFIG, "rank, line %d: more than %d lines", number,
                           RANK_LINES_MAX);
        rules.lines[rules.count++] = read;
    }
    *ret_rules = rules;
    return 0;
}
