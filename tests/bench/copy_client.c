/*
 * Plain COPY, as fast as PostgreSQL takes it: each backend gets a connection and a thread that
 * sends files of binary rows as they are. Prints the seconds from the moment when all are connected
 * and all files are in memory to the last commit.
 *
 * usage: copy_client STATEMENT FILE [STATEMENT FILE]... [-- STATEMENT FILE...]...
 *
 * What stands between two "--" goes through one backend, in one transaction.
 */
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define BACKENDS_MAX 16
#define COPIES_MAX 16
#define PIECE_BYTES ((size_t)64 * 1024)

struct copy {
    const char *statement;
    const char *bytes;
    size_t size;
};

struct backend {
    PGconn *pg;
    struct copy copies[COPIES_MAX];
    size_t count;
};

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "copy_client: %s: %s\n", what, why);
    exit(1);
}

static void
map_file(struct copy *copy, const char *path)
{
    struct stat found;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &found) != 0)
        die(path, "cannot be read");
    copy->size = (size_t)found.st_size;
    copy->bytes = mmap(NULL, copy->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (copy->bytes == MAP_FAILED)
        die(path, "cannot be mapped");
    close(fd);
}

static void
expect(struct backend *backend, PGresult *result, ExecStatusType wanted)
{
    if (PQresultStatus(result) != wanted)
        die("COPY", PQerrorMessage(backend->pg));
    PQclear(result);
}

static void
send_file(struct backend *backend, const struct copy *copy)
{
    expect(backend, PQexec(backend->pg, copy->statement), PGRES_COPY_IN);
    for (size_t at = 0; at < copy->size; at += PIECE_BYTES) {
        size_t length = copy->size - at < PIECE_BYTES ? copy->size - at : PIECE_BYTES;
        if (PQputCopyData(backend->pg, copy->bytes + at, (int)length) != 1)
            die("COPY", PQerrorMessage(backend->pg));
    }
    if (PQputCopyEnd(backend->pg, NULL) != 1)
        die("COPY", PQerrorMessage(backend->pg));
    expect(backend, PQgetResult(backend->pg), PGRES_COMMAND_OK);
    PQclear(PQgetResult(backend->pg));
}

static void *
run(void *opaque)
{
    struct backend *backend = opaque;
    expect(backend, PQexec(backend->pg, "BEGIN"), PGRES_COMMAND_OK);
    for (size_t i = 0; i < backend->count; i++)
        send_file(backend, &backend->copies[i]);
    expect(backend, PQexec(backend->pg, "COMMIT"), PGRES_COMMAND_OK);
    return NULL;
}

static size_t
read_arguments(int argc, char **argv, struct backend *backends)
{
    size_t count = 1;
    for (int i = 1; i < argc; i++) {
        struct backend *backend = &backends[count - 1];
        if (strcmp(argv[i], "--") == 0) {
            if (++count > BACKENDS_MAX)
                die("usage", "too many backends");
            continue;
        }
        if (i + 1 >= argc || backend->count == COPIES_MAX)
            die("usage", "STATEMENT FILE [STATEMENT FILE]... [-- STATEMENT FILE...]...");
        map_file(&backend->copies[backend->count], argv[i + 1]);
        backend->copies[backend->count++].statement = argv[i++];
    }
    return count;
}

int
main(int argc, char **argv)
{
    static struct backend backends[BACKENDS_MAX];
    pthread_t threads[BACKENDS_MAX];
    size_t count = read_arguments(argc, argv, backends);
    for (size_t i = 0; i < count; i++) {
        backends[i].pg = PQconnectdb("application_name=copy_client");
        if (PQstatus(backends[i].pg) != CONNECTION_OK)
            die("connecting", PQerrorMessage(backends[i].pg));
    }
    int64_t began = clock_monotonic_ns();
    for (size_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, run, &backends[i]) != 0)
            die("thread", "cannot be started");
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    printf("%.4f\n", (double)(clock_monotonic_ns() - began) / (double)NS_PER_S);
    for (size_t i = 0; i < count; i++)
        PQfinish(backends[i].pg);
    return 0;
}
