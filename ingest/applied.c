/*
 * Which decoding options count: see applied.h. Whoever owns the connection.
 */
#include "ingest/applied.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "hindcast/decoding.h"
#include "hindcast/version.h"

#define TRIES_MAX 5 /* of writing a row while others write theirs */
#define APPLY_OWN "'hindcast config apply' makes what your files say count instead"

static int
copy_files(const struct format_files *from, struct format_files *files, struct err *err)
{
    for (size_t i = 0; i < from->count; i++)
        if (format_files_add(files, from->list[i].name, from->list[i].path, from->list[i].text,
                             err) != 0)
            return -1;
    return 0;
}

static bool
are_in_use(const struct format_files *files)
{
    struct sha256 wanted, used;
    format_files_digest(files, &wanted);
    formats_used(&used);
    return memcmp(wanted.bytes, used.bytes, sizeof(used.bytes)) == 0;
}

/* ---- of another program ---- */

static int
another_program(struct sv content, enum program_order order, struct err *err)
{
    const struct sv version = decoding_set_version(content);
    if (order == PROGRAM_UNKNOWN)
        err_set(err, ERR_DB_SCHEMA,
                "the applied decoding options are not written as this program (%s) writes them",
                HINDCAST_VERSION);
    else
        err_set(err, ERR_DB_SCHEMA,
                "the applied decoding options are of hindcast " SV_FMT
                "%s, and this program (%s) might "
                "read records otherwise",
                SV_ARG(sv_slice(version, 0, 40)),
                order == PROGRAM_OTHER ? " with other decoders" : "", HINDCAST_VERSION);
    return err_hint(err, order == PROGRAM_OLDER
                             ? "an older program applied them while this one ran: started again, "
                               "this one takes them over"
                             : "ingest with the program that applied them, or a newer one; "
                               "'hindcast config apply' of this one makes its own count");
}

/* ---- what counts ---- */

struct reading {
    struct store *store;
    const struct own_decoding *own;
    struct sv own_text;
    bool starting;
    struct arena arena; /* of one try */
    struct applied_decoding decoding;
    enum applied_how how; /* survives a try */
    bool again;
};

static void
add_digests(struct reading *reading, const struct stored_decoding *stored)
{
    struct applied_decoding *decoding = &reading->decoding;
    struct sha256 digest;
    sha256_of(reading->own_text.ptr, reading->own_text.len, &digest);
    sha256_hex(&digest, decoding->own_digest);
    memcpy(decoding->digest, decoding->own_digest, sizeof(decoding->digest));
    decoding->number = stored->number;
    if (stored->number > 0) {
        snprintf(decoding->digest, sizeof(decoding->digest), SV_FMT, SV_ARG(stored->digest));
        decoding->differs = strcmp(decoding->digest, decoding->own_digest) != 0;
    }
}

static void
tell_differences(struct reading *reading, struct sv applied)
{
    struct applied_decoding *decoding = &reading->decoding;
    struct strbuf text;
    strbuf_init(&text, 0);
    decoding_set_differences(reading->own_text, applied, &text);
    snprintf(decoding->differs_in, sizeof(decoding->differs_in), "%s",
             text.len == 0 ? "how they are written" : text.ptr);
    strbuf_release(&text);
}

/* What was wrong in it is in `err`. */
static int
cannot_decode(struct err *err)
{
    err_prefix(err, "the applied decoding options");
    return err_hint(err, APPLY_OWN);
}

/* Its options, once its files are in use. */
static int
take_up(struct reading *reading, const struct stored_decoding *stored, struct err *err)
{
    struct applied_decoding *decoding = &reading->decoding;
    const struct config *config = reading->own->config;
    if (stored->number == 0) {
        if (copy_files(&reading->own->files, &decoding->files, err) != 0)
            return -1;
    } else {
        if (decoding_set_parse(stored->content, &decoding->config, &decoding->files, err) != 0)
            return cannot_decode(err);
        config = decoding->config;
        if (decoding->differs)
            tell_differences(reading, stored->content);
    }
    decoding->others = !are_in_use(&decoding->files);
    if (decoding->others || topics_init(&decoding->topics, config, err) == 0)
        return 0;
    return stored->number == 0 ? -1 : cannot_decode(err);
}

/* The row that is missing for this program to decode; 0: somebody was quicker. */
static int
write_row(struct reading *reading, const struct stored_decoding *stored, struct err *err)
{
    char program[DECODING_PROGRAM_TEXT];
    int64_t number = 0;
    int status;
    decoding_set_program(program);
    if (stored->number == 0)
        status = decoding_begin(reading->store, reading->own_text, &number, err);
    else
        status = decoding_take_over(reading->store, program, stored->number, &number, err);
    if (status == 0 && number > 0)
        reading->how = stored->number == 0 ? APPLIED_FIRST : APPLIED_TAKEN_OVER;
    return status;
}

/*
 * Nothing is written that this program cannot decode by: only what it could take up, files in use
 * and formats known, is then made to count.
 */
static int
read_once(struct reading *reading, struct err *err)
{
    struct stored_decoding stored;
    enum program_order order = PROGRAM_SAME;
    reading->again = false;
    if (decoding_newest(reading->store, &reading->arena, &stored, err) != 0)
        return -1;
    if (stored.number > 0)
        order = decoding_set_order(stored.content);
    bool older = order == PROGRAM_OLDER && reading->starting;
    if (order != PROGRAM_SAME && !older)
        return another_program(stored.content, order, err);
    add_digests(reading, &stored);
    if (take_up(reading, &stored, err) != 0)
        return -1;
    if (reading->decoding.others || (stored.number > 0 && !older))
        return 0;
    reading->again = true;
    return write_row(reading, &stored, err);
}

static int
read_until_it_counts(struct reading *reading, struct err *err)
{
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        arena_reset(&reading->arena);
        format_files_init(&reading->decoding.files);
        int status = read_once(reading, err);
        if (status == 0 && !reading->again)
            return 0;
        applied_decoding_release(&reading->decoding);
        if (status != 0)
            return -1;
    }
    return err_set(err, ERR_OVERTAKEN, "others apply decoding options again and again");
}

int
applied_decoding_read(struct store *store, const struct own_decoding *own, bool starting,
                      struct applied_decoding *ret_decoding, struct err *err)
{
    struct reading reading = {.store = store, .own = own, .starting = starting};
    struct strbuf content;
    strbuf_init(&content, 0);
    arena_init(&reading.arena, 0);
    int status = decoding_set_write(own, &content, err);
    if (status == 0) {
        reading.own_text = strbuf_view(&content);
        status = read_until_it_counts(&reading, err);
    }
    if (status == 0) {
        *ret_decoding = reading.decoding;
        ret_decoding->how = reading.how;
    }
    strbuf_release(&content);
    arena_release(&reading.arena);
    return status;
}

int
applied_files_use(const struct format_files *files, struct err *err)
{
    struct strbuf problems;
    strbuf_init(&problems, 0);
    int status = formats_use(files, &problems, err);
    if (status != 0) {
        struct sv rest = strbuf_view(&problems), first = SV("");
        (void)sv_split(&rest, '\n', &first);
        err_set(err, ERR_CONFIG,
                "this program cannot read the applied maps, lines and schemas: " SV_FMT,
                SV_ARG(first));
        err_hint(err, APPLY_OWN);
    }
    strbuf_release(&problems);
    return status;
}

int
applied_decoding_use(struct store *store, const struct own_decoding *own, bool starting,
                     struct applied_decoding *ret_decoding, struct err *err)
{
    for (;;) {
        if (applied_decoding_read(store, own, starting, ret_decoding, err) != 0)
            return -1;
        if (!ret_decoding->others)
            return 0;
        int status = applied_files_use(&ret_decoding->files, err);
        applied_decoding_release(ret_decoding);
        if (status != 0)
            return -1;
    }
}

void
applied_decoding_release(struct applied_decoding *decoding)
{
    topics_release(&decoding->topics);
    config_free(decoding->config);
    format_files_release(&decoding->files);
    *decoding = (struct applied_decoding){0};
}
