/*
 * The small HTTP server, see http.h. Used by monitor.c.
 */
#include "observe/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

#define BACKLOG 128           /* more lose a second each: their first packet is dropped */
#define HTTP_BODY_REFUSED 413 /* older libraries name it differently */
#define TEXT "text/plain; charset=utf-8"

#define TICK_NS (100 * NS_PER_MS)

/* The library refuses above this; between the two, those that were ended are still being closed. */
#define LIBRARY_CONNECTIONS_MAX (2 * HTTP_CONNECTIONS_MAX)

/* A connection; only the server's thread knows it. */
struct peer {
    bool used, ended;
    int fd;
    char host[NI_MAXHOST];
    int64_t since_ns; /* monotonic: when it was opened or answered last */
    uint64_t number;  /* in the order of opening */
};

struct http_server {
    const struct http_route *routes;
    size_t count;
    void *opaque;
    struct MHD_Daemon *daemon;
    char address[NI_MAXHOST + NI_MAXSERV + 4];
    pthread_t thread;
    _Atomic bool stop;
    _Atomic int64_t request_ns;
    struct peer peers[LIBRARY_CONNECTIONS_MAX];
    uint64_t opened;
};

/* ---- listening ---- */

static int
split_address(const char *listen, char host[NI_MAXHOST], char port[NI_MAXSERV], struct err *err)
{
    const char *colon = strrchr(listen, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - listen);
    if (length > 2 && listen[0] == '[' && listen[length - 1] == ']') {
        listen++;
        length -= 2;
    }
    if (length == 0 || length >= NI_MAXHOST || colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 5 ||
        strtoul(colon + 1, NULL, 10) > UINT16_MAX) {
        err_set(err, ERR_CONFIG, "metrics.listen: '%s' is not HOST:PORT", listen);
        return err_hint(err, "write it like 127.0.0.1:9461; port 0 takes any that is free");
    }
    snprintf(host, NI_MAXHOST, "%.*s", (int)length, listen);
    snprintf(port, NI_MAXSERV, "%s", colon + 1);
    return 0;
}

static int
listen_on(const struct addrinfo *info)
{
    int yes = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    info->ai_protocol);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static void
note_address(struct http_server *server, int fd)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof(at);
    char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";
    memset(&at, 0, sizeof(at));
    if (getsockname(fd, (struct sockaddr *)&at, &size) == 0)
        (void)getnameinfo((struct sockaddr *)&at, size, host, sizeof(host), port, sizeof(port),
                          NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(server->address, sizeof(server->address),
             strchr(host, ':') == NULL ? "%s:%s" : "[%s]:%s", host, port);
}

static int
open_socket(const char *address, int *ret_fd, struct err *err)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    struct addrinfo wanted, *found = NULL;
    if (split_address(address, host, port, err) != 0)
        return -1;
    memset(&wanted, 0, sizeof(wanted));
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    int status = getaddrinfo(host, port, &wanted, &found);
    if (status != 0)
        return err_set(err, ERR_CONFIG, "metrics.listen: %s: %s", host, gai_strerror(status));
    int fd = -1;
    for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
        fd = listen_on(at);
    int number = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return err_set_errno(err, ERR_IO, number, "metrics.listen: %s", address);
    *ret_fd = fd;
    return 0;
}

/* ---- answering ---- */

static enum MHD_Result
send_reply(struct MHD_Connection *connection, int status, const char *content_type, struct sv body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.len, (void *)body.ptr, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
send_route(const struct http_server *server, const struct http_route *route,
           struct MHD_Connection *connection)
{
    struct http_reply reply = {.status = MHD_HTTP_OK, .content_type = TEXT};
    strbuf_init(&reply.body, HTTP_REPLY_BYTES_MAX);
    route->answer(server->opaque, &reply);
    enum MHD_Result result =
        reply.body.overflow
            ? send_reply(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, TEXT,
                         SV("the answer is larger than the limit\n"))
            : send_reply(connection, reply.status, reply.content_type, strbuf_view(&reply.body));
    strbuf_release(&reply.body);
    return result;
}

static bool
has_body(struct MHD_Connection *connection)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length != NULL && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
}

/*
 * Called once with the headers, and, where nothing was answered then, again at the end of the
 * request. What is refused is refused the first time, so that no body is ever read.
 */
static enum MHD_Result
on_request(void *opaque, struct MHD_Connection *connection, const char *path, const char *method,
           const char *version, const char *upload, size_t *upload_size, void **again)
{
    const struct http_server *server = opaque;
    (void)version;
    (void)upload;
    (void)upload_size;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, TEXT, SV("GET and HEAD only\n"));
    if (has_body(connection))
        return send_reply(connection, HTTP_BODY_REFUSED, TEXT, SV("no body is taken\n"));
    if (*again == NULL) {
        *again = opaque;
        return MHD_YES;
    }
    for (size_t i = 0; i < server->count; i++)
        if (strcmp(path, server->routes[i].path) == 0)
            return send_route(server, &server->routes[i], connection);
    return send_reply(connection, MHD_HTTP_NOT_FOUND, TEXT, SV("no such page\n"));
}

/* ---- who is connected ---- */

/* The library reads the end of the stream and closes it. */
static void
end_peer(struct peer *peer)
{
    (void)shutdown(peer->fd, SHUT_RDWR);
    peer->ended = true;
}

static size_t
share_of(const struct http_server *server, const struct peer *peer)
{
    size_t share = 0;
    for (size_t i = 0; i < LIBRARY_CONNECTIONS_MAX; i++) {
        const struct peer *other = &server->peers[i];
        share += other->used && !other->ended && strcmp(other->host, peer->host) == 0;
    }
    return share;
}

/* Makes room for the newest: it may be the one that asks for /healthz. */
static void
end_the_oldest_of_most(struct http_server *server)
{
    struct peer *found = NULL;
    size_t count = 0, most = 0;
    for (size_t i = 0; i < LIBRARY_CONNECTIONS_MAX; i++) {
        struct peer *peer = &server->peers[i];
        if (!peer->used || peer->ended)
            continue;
        size_t share = share_of(server, peer);
        count++;
        if (found == NULL || share > most || (share == most && peer->number < found->number)) {
            found = peer;
            most = share;
        }
    }
    if (count > HTTP_CONNECTIONS_MAX)
        end_peer(found);
}

static struct peer *
peer_new(struct http_server *server, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    size_t at = 0;
    while (at < LIBRARY_CONNECTIONS_MAX && server->peers[at].used)
        at++;
    if (at == LIBRARY_CONNECTIONS_MAX || socket == NULL)
        return NULL;
    struct peer *peer = &server->peers[at];
    *peer = (struct peer){.used = true,
                          .fd = socket->connect_fd,
                          .since_ns = clock_monotonic_ns(),
                          .number = server->opened++};
    if (client != NULL && client->client_addr != NULL) {
        socklen_t size = client->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                    : sizeof(struct sockaddr_in);
        (void)getnameinfo(client->client_addr, size, peer->host, sizeof(peer->host), NULL, 0,
                          NI_NUMERICHOST);
    }
    return peer;
}

static void
on_connection(void *opaque, struct MHD_Connection *connection, void **context,
              enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = opaque;
    struct peer *peer = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = peer_new(server, connection);
        end_the_oldest_of_most(server);
    } else if (peer != NULL) {
        peer->used = false;
    }
}

static void
on_completed(void *opaque, struct MHD_Connection *connection, void **again,
             enum MHD_RequestTerminationCode code)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = info == NULL ? NULL : info->socket_context;
    (void)opaque;
    (void)again;
    (void)code;
    if (peer != NULL)
        peer->since_ns = clock_monotonic_ns();
}

/* True: some that were ended are still to be closed, and hold places of the library's. */
static bool
end_the_late(struct http_server *server)
{
    bool closing = false;
    int64_t now = clock_monotonic_ns(), deadline = server->request_ns;
    for (size_t i = 0; i < LIBRARY_CONNECTIONS_MAX; i++) {
        struct peer *peer = &server->peers[i];
        if (peer->used && !peer->ended && now - peer->since_ns > deadline)
            end_peer(peer);
        closing |= peer->used && peer->ended;
    }
    return closing;
}

static void *
serve(void *opaque)
{
    struct http_server *server = opaque;
    bool closing = false;
    while (!server->stop) {
        (void)MHD_run_wait(server->daemon, closing ? 1 : (int32_t)(TICK_NS / NS_PER_MS));
        closing = end_the_late(server);
    }
    return NULL;
}

/* ---- starting and stopping ---- */

int
http_start(struct http_server **ret_server, const char *listen, const struct http_route *routes,
           size_t count, void *opaque, struct err *err)
{
    int fd = -1;
    if (open_socket(listen, &fd, err) != 0)
        return -1;
    struct http_server *server = memory_calloc(1, sizeof(*server));
    server->routes = routes;
    server->count = count;
    server->opaque = opaque;
    note_address(server, fd);
    server->request_ns = HTTP_REQUEST_S * NS_PER_S;
    /* No thread of the library's: its time-out begins anew with each byte, so ours looks as well.
     */
    server->daemon =
        MHD_start_daemon(MHD_USE_AUTO, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET,
                         fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIBRARY_CONNECTIONS_MAX,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_REQUEST_BYTES_MAX,
                         MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                         MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
    if (server->daemon == NULL || pthread_create(&server->thread, NULL, serve, server) != 0) {
        if (server->daemon == NULL)
            close(fd);
        else
            MHD_stop_daemon(server->daemon);
        free(server);
        return err_set(err, ERR_FAILED, "metrics.listen: the HTTP server does not start");
    }
    *ret_server = server;
    return 0;
}

void
http_set_deadline(struct http_server *server, int64_t request_ns)
{
    server->request_ns = request_ns;
}

const char *
http_address(const struct http_server *server)
{
    return server->address;
}

void
http_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    server->stop = true;
    pthread_join(server->thread, NULL);
    MHD_stop_daemon(server->daemon); /* closes the socket too */
    free(server);
}
