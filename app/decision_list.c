/*
 * Decisions of one run, and what they share: see decide.h.
 */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Services and containers often have no $USER; their login has a name all the same. */
static const char *
decide_author(const struct decide_request *request)
{
    const char *user = getenv("USER");
    if (request->by != NULL)
        return request->by[0] != '\0' ? request->by : NULL;
    if (user != NULL && user[0] != '\0')
        return user;
    const struct passwd *login = getpwuid(geteuid());
    return login != NULL && login->pw_name[0] != '\0' ? login->pw_name : NULL;
}

int
decide_begin(const struct decide_request *request, struct decision *ret_decision, struct err *err)
{
    const char *by = decide_author(request);
    if (by == NULL)
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
