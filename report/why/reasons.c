/*
 * Meanings of reasons: see reasons.h.
 */
#include "report/why/reasons.h"

#include "base/embedded.h"
#include "hindcast/incident.h"

static bool
find_line(struct sv name, struct sv *ret_meaning)
{
    const struct embedded_file *file = embedded_find(embedded_reasons, "reasons.tsv");
    struct sv text = file != NULL ? sv_of(file->text, file->size) : SV_NONE, line, word;
    while (sv_split(&text, '\n', &line))
        if (sv_split(&line, '\t', &word) && sv_eq(word, name)) {
            *ret_meaning = line;
            return true;
        }
    return false;
}

/* "mitigated_by_revert": which milestone it is, and what kind of evidence that rests on. */
static bool
is_basis(struct sv name)
{
    size_t by = sv_find(name, SV("_by_"));
    return by < name.len && milestone_read(sv_slice(name, 0, by)) != MILESTONE_NONE;
}

struct sv
reason_meaning(struct sv name)
{
    struct sv meaning;
    if (find_line(name, &meaning))
        return meaning;
    if (is_basis(name))
        return SV("what the milestone rests on, which its confidence is measured by");
    if (record_kind_read(name) != RECORD_NONE)
        return SV("what the record is");
    return SV("a phrase rule of that name fits its words");
}
