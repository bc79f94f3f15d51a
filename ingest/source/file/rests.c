/*
 * See rests.h.
 */
#include "ingest/source/file/rests.h"

#include <stdlib.h>

#include "base/memory.h"

void
rests_init(struct rests *rests)
{
    *rests = (struct rests){.count = 0};
    strbuf_init(&rests->text, FILE_REST_BYTES_MAX);
}

void
rests_release(struct rests *rests)
{
    free(rests->list);
    strbuf_release(&rests->text);
}

void
rests_clear(struct rests *rests)
{
    rests->count = rests->next = 0;
    rests->over = false;
    strbuf_clear(&rests->text);
}

size_t
rests_opened(struct rests *rests, int64_t at, size_t around)
{
    if (rests->count == FILE_RESTS_MAX) {
        rests->over = true;
        return REST_NONE;
    }
    rests->list = memory_grow(rests->list, &rests->size, rests->count + 1, sizeof(*rests->list));
    rests->list[rests->count] = (struct rest){.at = at, .around = around};
    return rests->count++;
}

static void
take(struct rests *rests, struct rest *rest, struct sv head)
{
    struct sv behind = sv_slice(head, rest->end, head.len);
    if (rests->text.len + behind.len > FILE_REST_BYTES_MAX) {
        rests->over = true;
        return;
    }
    rest->from = rests->text.len;
    rest->len = behind.len;
    strbuf_add_sv(&rests->text, behind);
}

void
rests_closes(struct rests *rests, size_t number, struct sv head, bool object)
{
    if (number == REST_NONE)
        return;
    rests->list[number].end = head.len + 1;
    /* What it holds was opened behind it. */
    for (size_t i = number + 1; object && i < rests->count; i++)
        if (rests->list[i].around == number)
            take(rests, &rests->list[i], head);
}

size_t
rests_find(struct rests *rests, int64_t at)
{
    while (rests->next < rests->count && rests->list[rests->next].at < at)
        rests->next++;
    bool found = rests->next < rests->count && rests->list[rests->next].at == at;
    return found ? rests->next : REST_NONE;
}

struct sv
rests_behind(const struct rests *rests, size_t number)
{
    if (number == REST_NONE)
        return SV("");
    const struct rest *rest = &rests->list[number];
    return sv_slice(strbuf_view(&rests->text), rest->from, rest->from + rest->len);
}
