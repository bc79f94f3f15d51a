/*
 * Versions of changes: see versions.h. Called by candidate_signs() and score_changes().
 */
#include "correlate/story/versions.h"

#include <assert.h>
#include <stdlib.h>

#include "base/text/mask.h"

#define LOOK_BACK_MAX 32 /* changes of the source with a version, that one is compared with */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
of_version(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
}

/* The first word with two numbers that a point parts, such as "v1.41.2" or "1.35.0-wmf.16". */
static struct sv
version_of(struct sv lower)
{
    for (size_t from = 0, to; from < lower.len; from = to + 1) {
        for (to = from; to < lower.len && of_version(lower.ptr[to]);)
            to++;
        struct sv word = sv_slice(lower, from, to);
        size_t points = 0;
        for (size_t i = 1; i + 1 < word.len; i++)
            points += word.ptr[i] == '.' && is_digit(word.ptr[i - 1]);
        if (word.len > 0 && points >= 1 && is_digit(word.ptr[word.len - 1]))
            return word;
    }
    return SV_NONE;
}

static int64_t
number_from(struct sv text, size_t *at)
{
    int64_t value = 0;
    for (int digits = 0; *at < text.len && is_digit(text.ptr[*at]); digits++, (*at)++)
        value = digits < 18 ? 10 * value + (text.ptr[*at] - '0') : value;
    return value;
}

/* By their numbers, of two versions of the same form. */
static int
version_cmp(struct sv a, struct sv b)
{
    for (size_t i = 0, k = 0; i < a.len && k < b.len;) {
        if (!is_digit(a.ptr[i])) {
            i++, k++;
            continue;
        }
        int64_t left = number_from(a, &i), right = number_from(b, &k);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return 0;
}

void
versions_init(struct arena *arena, size_t most, struct versions *ret_versions)
{
    *ret_versions =
        (struct versions){.arena = arena, .at = ARENA_ARRAY(arena, struct named_version, most + 1)};
}

void
versions_add(struct versions *versions, const struct row *row, size_t node)
{
    struct sv version = version_of(row->lower);
    if (version.ptr != NULL)
        versions->at[versions->count++] = (struct named_version){row, node, version};
}

static int
version_order(const void *left, const void *right)
{
    const struct named_version *a = left, *b = right;
    int order = sv_cmp(a->row->source, b->row->source);
    if (order != 0)
        return order;
    if (a->row->time_ns != b->row->time_ns)
        return a->row->time_ns < b->row->time_ns ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

void
versions_sort(struct versions *versions)
{
    if (versions->count > 1)
        qsort(versions->at, versions->count, sizeof(*versions->at), version_order);
}

static bool
same_thing(const struct versions *versions, const struct named_version *a,
           const struct named_version *b)
{
    size_t most = a->row->content.count > b->row->content.count ? a->row->content.count
                                                                : b->row->content.count;
    const struct event *one = &a->row->observation->event, *other = &b->row->observation->event;
    return sv_eq(one->service, other->service) && sv_eq(one->environment, other->environment) &&
           a->row->elsewhere == b->row->elsewhere &&
           3 * words_common(a->row->content, b->row->content) >= 2 * most &&
           sv_eq(mask_numbers(versions->arena, a->version, ROW_TEXT_MAX),
                 mask_numbers(versions->arena, b->version, ROW_TEXT_MAX));
}

/* Where the change stands among the versions; those before it are its source's earlier ones. */
static size_t
place_of(const struct versions *versions, const struct row *row)
{
    size_t low = 0, high = versions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct row *other = versions->at[middle].row;
        int order = sv_cmp(other->source, row->source);
        if (order < 0 || (order == 0 && other->time_ns < row->time_ns))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t
versions_set_back(const struct versions *versions, const struct row *row,
                  const struct row **ret_later)
{
    const struct named_version here = {row, NO_NODE, version_of(row->lower)};
    size_t at = here.version.ptr == NULL ? 0 : place_of(versions, row);
    for (size_t looked = 0; at > 0 && looked < LOOK_BACK_MAX; looked++) {
        const struct named_version *other = &versions->at[--at];
        if (!sv_eq(other->row->source, row->source) ||
            other->row->time_ns < row->time_ns - reads_back(RULE_SET_BACK))
            break;
        if (!same_thing(versions, other, &here))
            continue;
        if (version_cmp(other->version, here.version) <= 0)
            break; /* it went on from there */
        *ret_later = other->row;
        return other->node;
    }
    return NO_NODE;
}
