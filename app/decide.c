/*
 * Writing decisions down: see decide.h.
 */
#include "app/decide.h"

#include <stdio.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)64 << 20)

static int
read_file(const struct decide_request *request, struct store *store, struct arena *arena,
          struct decision_list *list, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, FILE_BYTES_MAX);
    int status = decide_input(request->file, &text, err);
    struct sv kept = status == 0 ? arena_copy(arena, strbuf_view(&text)) : SV_NONE;
    strbuf_release(&text);
    return status == 0 ? decide_lines(request, store, arena, kept, list, err) : -1;
}

static int
decide(const struct decide_request *request, struct arena *arena, struct err *err)
{
    struct decision_list list = {0};
    struct store *store;
    bool listing = request->verb != NULL && strcmp(request->verb, "list") == 0;
    const char *name = request->operand_count > 0 ? request->operands[0] : NULL;
    if (decide_open(request->config, name, request->stop, &store, err) != 0)
        return -1;
    int status = listing                 ? decide_list(request, store, arena, err)
                 : request->file != NULL ? read_file(request, store, arena, &list, err)
                                         : decide_words(request, store, arena, &list, err);
    if (status == 0 && request->dry_run && list.count > 0)
        status = decide_preview(store, arena, name, &list, err);
    store_close(store);
    if (status != 0 || listing || request->dry_run)
        return status;
    if (list.count == 0)
        return err_set(err, ERR_USAGE, "there is no decision in %s", request->file);
    return decide_write(request->config, request->stop, name, &list, err);
}

int
decide_run(const struct decide_request *request, struct err *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    int status = decide(request, &arena, err);
    arena_release(&arena);
    return status;
}
