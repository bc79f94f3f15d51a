/*
 * The proxy: see pgproxy.h. One thread, one poll() over all connections.
 */
#include "tests/lib/pgproxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINES_MAX 64
#define TICK_MS 20

/* The message that PQexec("COMMIT") sends, and how the server answers it. */
static const char commit_query[] = "Q\0\0\0\013COMMIT";
static const char commit_answer[] = "C\0\0\0\013COMMIT";

struct line {
    int client, server; /* -1: free */
    bool committing;    /* the COMMIT went through, its answer shall not */
    bool waiting;       /* has bytes to read while stalled */
};

struct pgproxy {
    pthread_t thread;
    int listener, port;
    struct line lines[LINES_MAX];
    int64_t commits; /* seen while alternating */
    _Atomic int mode;
    _Atomic int waiting;
    _Atomic int64_t before, after;
    _Atomic bool stop;
};

static void
die(const char *what)
{
    fprintf(stderr, "pgproxy: %s: %s\n", what, strerror(errno));
    abort();
}

static int
connect_unix(const char *folder, const char *port)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.%s", folder, port);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        die(address.sun_path);
    return fd;
}

static int
connect_tcp(const char *host, const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)strtol(port, NULL, 10));
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                  &address.sin_addr) != 1)
        die(host);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        die(host);
    return fd;
}

static int
connect_server(void)
{
    const char *host = getenv("PGHOST"), *port = getenv("PGPORT");
    if (port == NULL)
        port = "5432";
    if (host == NULL || host[0] == '/')
        return connect_unix(host == NULL ? "/var/run/postgresql" : host, port);
    return connect_tcp(host, port);
}

static void
cut(struct line *line)
{
    if (line->client < 0)
        return;
    close(line->client);
    close(line->server);
    *line = (struct line){.client = -1, .server = -1};
}

static void
take_client(struct pgproxy *proxy)
{
    int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0)
        return;
    if (atomic_load(&proxy->mode) == PROXY_REFUSE) {
        close(client);
        return;
    }
    for (int i = 0; i < LINES_MAX; i++)
        if (proxy->lines[i].client < 0) {
            proxy->lines[i] = (struct line){.client = client, .server = connect_server()};
            return;
        }
    die("more lines than LINES_MAX");
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* What to do with the line now that it sends COMMIT. */
static enum proxy_mode
verdict(struct pgproxy *proxy)
{
    enum proxy_mode mode = (enum proxy_mode)atomic_load(&proxy->mode);
    if (mode != PROXY_CUT_ALTERNATING)
        return mode;
    static const enum proxy_mode turns[] = {PROXY_PASS, PROXY_CUT_BEFORE, PROXY_PASS,
                                            PROXY_CUT_AFTER};
    return turns[proxy->commits++ % 4];
}

static void
from_client(struct pgproxy *proxy, struct line *line)
{
    static char bytes[65536];
    ssize_t got = recv(line->client, bytes, sizeof(bytes), 0);
    if (got <= 0) {
        cut(line);
        return;
    }
    if (memmem(bytes, (size_t)got, commit_query, sizeof(commit_query)) != NULL)
        switch (verdict(proxy)) {
        case PROXY_CUT_BEFORE:
            atomic_fetch_add(&proxy->before, 1);
            cut(line);
            return;
        case PROXY_CUT_AFTER:
            line->committing = true;
            break;
        case PROXY_PASS:
        case PROXY_STALL:
        case PROXY_REFUSE:
        case PROXY_CUT_ALTERNATING:
            break;
        }
    if (!send_all(line->server, bytes, (size_t)got))
        cut(line);
}

static void
from_server(struct pgproxy *proxy, struct line *line)
{
    static char bytes[65536];
    ssize_t got = recv(line->server, bytes, sizeof(bytes), 0);
    if (got <= 0) {
        cut(line);
    } else if (line->committing) {
        if (memmem(bytes, (size_t)got, commit_answer, sizeof(commit_answer)) == NULL)
            die("the answer to COMMIT looks otherwise");
        atomic_fetch_add(&proxy->after, 1);
        cut(line);
    } else if (!send_all(line->client, bytes, (size_t)got)) {
        cut(line);
    }
}

static void
serve_lines(struct pgproxy *proxy, const struct pollfd *fds)
{
    bool stalled = atomic_load(&proxy->mode) == PROXY_STALL;
    int waiting = 0;
    for (int i = 0; i < LINES_MAX; i++) {
        struct line *line = &proxy->lines[i];
        const struct pollfd *client = &fds[1 + 2 * i], *server = &fds[2 + 2 * i];
        if (client->fd < 0 || client->fd != line->client)
            continue;
        if (stalled) {
            waiting += client->revents != 0 || server->revents != 0;
            continue;
        }
        if (client->revents != 0)
            from_client(proxy, line);
        if (line->client >= 0 && server->revents != 0)
            from_server(proxy, line);
    }
    atomic_store(&proxy->waiting, waiting);
}

static void *
run(void *opaque)
{
    struct pgproxy *proxy = opaque;
    struct pollfd fds[1 + 2 * LINES_MAX];
    while (!atomic_load(&proxy->stop)) {
        fds[0] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
        for (int i = 0; i < LINES_MAX; i++) {
            fds[1 + 2 * i] = (struct pollfd){.fd = proxy->lines[i].client, .events = POLLIN};
            fds[2 + 2 * i] = (struct pollfd){.fd = proxy->lines[i].server, .events = POLLIN};
        }
        if (poll(fds, 1 + 2 * LINES_MAX, TICK_MS) < 0 && errno != EINTR)
            die("poll");
        if (atomic_load(&proxy->mode) == PROXY_REFUSE)
            for (int i = 0; i < LINES_MAX; i++)
                cut(&proxy->lines[i]);
        serve_lines(proxy, fds);
        if (atomic_load(&proxy->mode) == PROXY_STALL)
            (void)poll(NULL, 0, TICK_MS); /* what waits is readable all the time */
        if (fds[0].revents != 0)
            take_client(proxy);
    }
    for (int i = 0; i < LINES_MAX; i++)
        cut(&proxy->lines[i]);
    return NULL;
}

struct pgproxy *
pgproxy_start(void)
{
    struct pgproxy *proxy = calloc(1, sizeof(*proxy));
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (proxy == NULL)
        die("memory");
    for (int i = 0; i < LINES_MAX; i++)
        proxy->lines[i].client = proxy->lines[i].server = -1;
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (proxy->listener < 0 ||
        bind(proxy->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(proxy->listener, LINES_MAX) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &len) != 0)
        die("listen");
    proxy->port = ntohs(address.sin_port);
    if (pthread_create(&proxy->thread, NULL, run, proxy) != 0)
        die("thread");
    return proxy;
}

void
pgproxy_stop(struct pgproxy *proxy)
{
    if (proxy == NULL)
        return;
    atomic_store(&proxy->stop, true);
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
    free(proxy);
}

int
pgproxy_port(const struct pgproxy *proxy)
{
    return proxy->port;
}

void
pgproxy_set(struct pgproxy *proxy, enum proxy_mode mode)
{
    atomic_store(&proxy->mode, (int)mode);
}

int64_t
pgproxy_cut_before(const struct pgproxy *proxy)
{
    return atomic_load(&proxy->before);
}

int64_t
pgproxy_cut_after(const struct pgproxy *proxy)
{
    return atomic_load(&proxy->after);
}

int
pgproxy_waiting(const struct pgproxy *proxy)
{
    return atomic_load(&proxy->waiting);
}
