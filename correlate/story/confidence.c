/*
 * Measured confidence: see confidence.h.
 */
#include "correlate/story/confidence.h"

#include "base/embedded.h"

#define UNKNOWN (-1)
#define HOURS_MAX 10000

/* The place of a kind of evidence; "*": BASES, what is said of none by itself; else BASES + 1. */
static size_t
basis_read(struct sv word)
{
    if (sv_eq(word, SV("*")))
        return BASES;
    for (size_t i = 0; i < BASES; i++)
        if (sv_eq(word, sv_from(basis_word((enum basis)i))))
            return i;
    return BASES + 1;
}

/* "@long", hours; or evidence, short or long, right, of, per mille. */
static bool
read_line(struct sv line, struct confidence *confidence)
{
    struct sv cells[5] = {SV_NONE};
    int64_t value;
    for (size_t i = 0; i < 5 && line.len > 0; i++)
        if (!sv_split(&line, '\t', &cells[i]))
            return false;
    if (sv_eq(cells[0], SV("@long"))) {
        if (!sv_to_int64(cells[1], &value) || value < 1 || value > HOURS_MAX)
            return false;
        confidence->long_ns = value * NS_PER_HOUR;
        return true;
    }
    size_t basis = basis_read(cells[0]);
    bool is_long = sv_eq(cells[1], SV("long"));
    if (basis > BASES || (!is_long && !sv_eq(cells[1], SV("short"))) ||
        !sv_to_int64(cells[4], &value) || value < 0 || value > 1000)
        return false;
    confidence->per_mille[basis][is_long ? STORY_LONG : STORY_SHORT] = (int)value;
    return true;
}

int
confidence_parse(struct sv text, struct confidence *ret_confidence, struct err *err)
{
    struct confidence confidence = {.long_ns = 0};
    struct sv line;
    for (size_t b = 0; b <= BASES; b++)
        confidence.per_mille[b][STORY_SHORT] = confidence.per_mille[b][STORY_LONG] = UNKNOWN;
    for (int number = 1; sv_split(&text, '\n', &line); number++)
        if (sv_trim(line).len > 0 && line.ptr[0] != '#' && !read_line(line, &confidence))
            return err_set(err, ERR_INTERNAL,
                           "confidence, line %d: expected evidence, short or long, right, of, per "
                           "mille",
                           number);
    if (confidence.long_ns == 0 || confidence.per_mille[BASES][STORY_SHORT] == UNKNOWN ||
        confidence.per_mille[BASES][STORY_LONG] == UNKNOWN)
        return err_set(err, ERR_INTERNAL, "confidence: a line for any evidence is missing");
    *ret_confidence = confidence;
    return 0;
}

int
confidence_read(struct confidence *ret_confidence, struct err *err)
{
    const struct embedded_file *file = embedded_find(embedded_rules, "confidence.tsv");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the table of confidence is not built in");
    return confidence_parse(sv_of(file->text, file->size), ret_confidence, err);
}

int
confidence_of(const struct confidence *confidence, enum basis basis, bool long_story)
{
    enum story_length length = long_story ? STORY_LONG : STORY_SHORT;
    int per_mille = confidence->per_mille[basis < BASES ? basis : BASES][length];
    if (per_mille == UNKNOWN)
        per_mille = confidence->per_mille[BASES][length];
    return (per_mille + 5) / 10;
}
