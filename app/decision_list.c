/*
 * Decisions of one run, and what they share: see decide.h.
 */
#include <stdlib.h>
#include <string.h>

#include "app/decide.h"
#include "base/clock.h"
#include "base/text/json_writer.h"

void
decision_list_add(struct arena *arena, struct decision_list *list, const struct decision *decision)
{
    if (list->count == list->size) {
        list->size = list->size == 0 ? 16 : 2 * list->size;
        struct decision *grown = ARENA_ARRAY(arena, struct decision, list->size);
        if (list->count > 0)
            memcpy(grown, list->all, list->count * sizeof(*grown));
        list->all = grown;
    }
    list->all[list->count++] = *decision;
}

int
decide_begin(const struct decide_request *request, struct decision *ret_decision, struct err *err)
{
    const char *by = request->by != NULL ? request->by : getenv("USER");
    if (by == NULL || by[0] == '\0')
        return err_set(err, ERR_USAGE, "who decides? --by NAME says so, as $USER is not set");
    *ret_decision = (struct decision){.at_ns = clock_now_ns(),
                                      .author = sv_from(by),
                                      .why = sv_from(request->why),
                                      .time_ns = TIME_NONE};
    return 0;
}

void
decide_put_line(struct strbuf *out, const struct decision *decision)
{
    strbuf_add_char(out, '{');
    json_put(out, "id", decision->id);
    strbuf_add_char(out, ',');
    strbuf_add_sv(out, sv_slice(decision->content, 1, decision->content.len));
    strbuf_add_char(out, '\n');
}
