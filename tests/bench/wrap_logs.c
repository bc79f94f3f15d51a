/*
 * Sends real lines, raw and as shippers wrap them (tests/lib/wraplog.h), and reads them back.
 *
 * usage: wrap_logs send LOGS_DIR BROKERS TOPIC PARTITIONS COUNT CODEC
 *        wrap_logs check LOGS_DIR COUNT
 *
 * send: prints the average length. check: takes lines "STREAM_ID FIRST_OFFSET NEXT_OFFSET" and
 * reads every record between out of its evidence segment: its Merkle root must hold, its key say
 * which record it is, its SHA-256 be that of what was sent, and each of COUNT records come once.
 * Prints "STREAM_ID OFFSET NUMBER SET FORM", separated by tabs, for each. The database is that of
 * libpq's PG* variables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "hindcast/evidence.h"
#include "hindcast/store.h"
#include "tests/lib/filltopic.h"
#include "tests/lib/wraplog.h"

#define CONNECT_NS (10 * NS_PER_S)

static void
make(void *opaque, uint64_t number, struct strbuf *out)
{
    wraplog_make(opaque, number, out);
}

static int
send_all(struct wraplogs *logs, char **argv, struct err *err)
{
    uint64_t bytes = 0;
    struct filltopic fill = {.brokers = argv[0],
                             .topic = argv[1],
                             .partitions = (int32_t)strtol(argv[2], NULL, 10),
                             .count = strtoull(argv[3], NULL, 10),
                             .codec = argv[4],
                             .make = make,
                             .opaque = logs};
    if (filltopic(&fill, &bytes, err) != 0)
        return -1;
    printf("%llu\n", (unsigned long long)(fill.count == 0 ? 0 : bytes / fill.count));
    return 0;
}

struct check {
    const struct wraplogs *logs;
    struct store *store;
    uint64_t count, seen;
    uint8_t *met; /* one a record */
    struct arena arena;
    struct strbuf wanted;
};

static int
broken(long long stream_id, long long offset, const char *what, struct err *err)
{
    return err_set(err, ERR_BROKEN_EVIDENCE, "stream %lld, offset %lld: %s", stream_id, offset,
                   what);
}

static int
check_record(struct check *check, long long stream_id, long long offset, struct err *err)
{
    struct raw_record raw;
    struct sha256 wanted;
    int64_t number = -1;
    arena_reset(&check->arena);
    if (store_read_record(check->store, &check->arena, stream_id, offset, &raw, err) != 0)
        return -1;
    if (!raw.found)
        return broken(stream_id, offset, "not in any segment", err);
    if (!raw.root_matches)
        return broken(stream_id, offset, "the Merkle root of its segment does not hold", err);
    if (!sv_to_int64(raw.record.key, &number) || number < 0 || (uint64_t)number >= check->count)
        return broken(stream_id, offset, "its key is no number of a record that was sent", err);
    if (check->met[number]++ != 0)
        return broken(stream_id, offset, "the same record is there twice", err);
    strbuf_clear(&check->wanted);
    wraplog_make(check->logs, (uint64_t)number, &check->wanted);
    sha256_of(check->wanted.ptr, check->wanted.len, &wanted);
    if (memcmp(&wanted, &raw.value_sha256, sizeof(wanted)) != 0)
        return broken(stream_id, offset, "its bytes are not those that were sent", err);
    check->seen++;
    printf("%lld\t%lld\t%lld\t%s\t%s\n", stream_id, offset, (long long)number,
           wraplog_set_name(check->logs, wraplog_set_of(check->logs, (uint64_t)number)),
           wraplog_form_name(wraplog_form_of(check->logs, (uint64_t)number)));
    return 0;
}

static int
check_streams(struct check *check, struct err *err)
{
    long long stream_id, offset, next;
    while (scanf("%lld %lld %lld", &stream_id, &offset, &next) == 3)
        for (; offset < next; offset++)
            if (check_record(check, stream_id, offset, err) != 0)
                return -1;
    if (check->seen != check->count)
        return err_set(err, ERR_BROKEN_EVIDENCE, "%llu of %llu records are in the segments",
                       (unsigned long long)check->seen, (unsigned long long)check->count);
    return 0;
}

static int
check_all(const struct wraplogs *logs, const char *count, struct err *err)
{
    const struct store_options options = {.conninfo = "",
                                          .application_name = "wrap_logs",
                                          .connect_timeout_ns = CONNECT_NS,
                                          .check_schema = true};
    struct check check = {.logs = logs, .count = strtoull(count, NULL, 10)};
    if (store_open(&check.store, &options, err) != 0)
        return -1;
    check.met = calloc(check.count + 1, 1);
    if (check.met == NULL)
        abort();
    arena_init(&check.arena, 0);
    strbuf_init(&check.wanted, 0);
    int status = check_streams(&check, err);
    strbuf_release(&check.wanted);
    arena_release(&check.arena);
    free(check.met);
    store_close(check.store);
    return status;
}

int
main(int argc, char **argv)
{
    bool sends = argc == 8 && strcmp(argv[1], "send") == 0;
    if (!sends && !(argc == 4 && strcmp(argv[1], "check") == 0)) {
        fprintf(stderr, "usage: wrap_logs send LOGS_DIR BROKERS TOPIC PARTITIONS COUNT CODEC\n"
                        "       wrap_logs check LOGS_DIR COUNT\n");
        return 2;
    }
    struct err err = {0};
    struct wraplogs *logs = NULL;
    int status = wraplog_open(&logs, argv[2], &err);
    if (status == 0)
        status = sends ? send_all(logs, &argv[3], &err) : check_all(logs, argv[3], &err);
    if (status != 0)
        fprintf(stderr, "wrap_logs: %s\n", err.message);
    wraplog_close(logs);
    return status == 0 ? 0 : 1;
}
