/*
 * Drafts that people edit: see document.h. Called by draft and report.
 */
#include "app/document.h"

#include <stdio.h>

#include "app/folder_lock.h"
#include "app/infile.h"
#include "app/outfile.h"
#include "base/text/visible.h"
#include "store/failpoint.h"

struct writing {
    const char *path;
    struct arena arena;
    struct strbuf edited, merged;
    bool there, based;         /* the document is there, its base is */
    int lock;                  /* of its folder */
    struct document_base last; /* based */
};

static int
begin(struct writing *writing, const char *path, struct err *err)
{
    *writing = (struct writing){.path = path, .lock = folder_lock_of(path)};
    arena_init(&writing->arena, 0);
    strbuf_init(&writing->edited, DOCUMENT_BYTES_MAX);
    strbuf_init(&writing->merged, 2 * DOCUMENT_BYTES_MAX);
    if (infile_read(path, &writing->edited, &writing->there, err) != 0)
        return -1;
    struct sv text = writing->there ? strbuf_view(&writing->edited) : SV_NONE;
    return document_base_read(path, text, &writing->arena, &writing->last, &writing->based, err);
}

static void
end(struct writing *writing)
{
    strbuf_release(&writing->edited);
    strbuf_release(&writing->merged);
    arena_release(&writing->arena);
    folder_unlock(writing->lock);
}

static int
keep_base(const struct writing *writing, const struct document_base *base, struct err *err)
{
    FAILPOINT_HERE(draft_before_base);
    int status = document_base_write(writing->path, base, err);
    FAILPOINT_HERE(draft_after_base);
    return status;
}

/* The base is announced, the text is written, then the base is the one that counts. */
static int
put_merged(struct writing *writing, const struct document_base *base, struct err *err)
{
    struct sv edited = strbuf_view(&writing->edited), merged = strbuf_view(&writing->merged);
    bool untouched = writing->based && sv_eq(edited, writing->last.merge.text);
    if (writing->merged.overflow)
        return err_set(err, ERR_LIMIT, "%s would be larger than %zu MiB", writing->path,
                       DOCUMENT_BYTES_MAX >> 19);
    if (!sv_eq(edited, merged)) {
        if (document_base_announce(writing->path, &writing->last, base, merged, err) != 0)
            return -1;
        FAILPOINT_HERE(draft_after_announcement);
        if (outfile_replace(writing->path, edited, merged, !untouched, err) != 0)
            return -1;
    }
    return keep_base(writing, base, err);
}

static int
write_merged(struct writing *writing, const struct document_base *base,
             enum document_outcome *ret_outcome, struct merge_counts *ret_counts, struct err *err)
{
    struct document_base next = *base;
    struct sv edited = strbuf_view(&writing->edited);
    merge(&writing->last.merge, edited, base->merge.text, &writing->arena, &writing->merged,
          &next.merge, ret_counts);
    *ret_outcome = sv_eq(edited, strbuf_view(&writing->merged)) ? DOCUMENT_SAME
                   : sv_eq(edited, writing->last.merge.text)    ? DOCUMENT_NEW
                                                                : DOCUMENT_MERGED;
    return put_merged(writing, &next, err);
}

/* Nobody's text is there: the base may come first, as there is nothing to merge with it. */
static int
write_new(struct writing *writing, const struct document_base *base, struct err *err)
{
    if (keep_base(writing, base, err) != 0)
        return -1;
    FAILPOINT_HERE(draft_before_document);
    int status = outfile_write_bytes(writing->path, base->merge.text, err);
    FAILPOINT_HERE(draft_after_document);
    return status;
}

static int
write_aside(struct writing *writing, const struct document_base *base, struct err *err)
{
    strbuf_add_sv(&writing->merged, base->merge.text);
    int status = outfile_write_draft(writing->path, &writing->merged, err);
    FAILPOINT_HERE(draft_after_document);
    return status != 0 ? -1 : keep_base(writing, base, err);
}

int
document_write(const char *path, const struct document_base *base,
               enum document_outcome *ret_outcome, struct merge_counts *ret_counts, struct err *err)
{
    struct writing writing;
    int status = begin(&writing, path, err);
    *ret_counts = (struct merge_counts){0};
    if (status == 0 && !writing.there) {
        *ret_outcome = DOCUMENT_NEW;
        status = write_new(&writing, base, err);
    } else if (status == 0 && writing.based) {
        status = write_merged(&writing, base, ret_outcome, ret_counts, err);
    } else if (status == 0) {
        bool same = sv_eq(strbuf_view(&writing.edited), base->merge.text);
        *ret_outcome = same ? DOCUMENT_SAME : DOCUMENT_ASIDE;
        status = write_aside(&writing, base, err);
    }
    end(&writing);
    return status;
}

int
document_notice(const char *path, struct sv notice, struct err *err)
{
    struct writing writing;
    int status = begin(&writing, path, err);
    if (status == 0 && writing.there && writing.based) {
        struct document_base next = writing.last;
        merge_notice(&writing.last.merge, strbuf_view(&writing.edited), notice, &writing.arena,
                     &writing.merged, &next.merge);
        status = put_merged(&writing, &next, err);
    }
    end(&writing);
    return status;
}

void
document_tell(const char *path, enum document_outcome outcome, const struct merge_counts *counts)
{
    if (outcome != DOCUMENT_MERGED)
        return;
    visible_line(
        stderr,
        "hindcast: %s was edited and is merged with the new draft: %zu blocks changed, %zu "
        "new, %zu gone, %zu changed by both (a note stands below each), %zu that you had "
        "removed (listed at the end); what it was is %s" OUTFILE_BEFORE,
        path, counts->updated, counts->added, counts->removed, counts->both, counts->listed, path);
}
