/*
 * A very small HTTP server for what a process says about itself: fixed paths, GET and HEAD, short
 * answers made in memory. The only file that knows libmicrohttpd is http.c.
 *
 * One thread of the server's own calls the routes, one at a time; a route must not wait for
 * anything but a short mutex, since it would keep all other requests waiting. There is no
 * authentication and no TLS: listen on loopback or a private network.
 *
 * Who is slow keeps nobody else waiting: a request has a deadline as a whole, however many bytes
 * come in between, and where all places are taken the newest connection gets that of the oldest of
 * the address that holds most. So /healthz answers whoever asks at once.
 */
#ifndef OBSERVE_HTTP_H
#define OBSERVE_HTTP_H

#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

#define HTTP_CONNECTIONS_MAX 32         /* one more ends the oldest of the address with most */
#define HTTP_REQUEST_BYTES_MAX 16384    /* request line and headers; more gets 431 or 414 */
#define HTTP_REQUEST_S 10               /* from the first byte awaited to the last one sent */
#define HTTP_REPLY_BYTES_MAX (16 << 20) /* more gets 500 */

struct http_reply {
    int status;
    const char *content_type; /* a constant */
    struct strbuf body;
};

struct http_route {
    const char *path;
    void (*answer)(void *opaque, struct http_reply *reply);
};

struct http_server;

/*
 * Serves `routes` (they must outlive the server) on "HOST:PORT" or "[HOST]:PORT"; port 0 takes any
 * that is free. CONFIG: `listen` is not such an address; IO: the address cannot be listened on.
 */
int http_start(struct http_server **ret_server, const char *listen, const struct http_route *routes,
               size_t count, void *opaque, struct err *err) MUST_CHECK;
/* Another deadline than HTTP_REQUEST_S; before anybody connects. */
void http_set_deadline(struct http_server *server, int64_t request_ns);
/* "127.0.0.1:40123": where it really listens. */
const char *http_address(const struct http_server *server);
/* Waits for the answer being made; open connections are closed. */
void http_stop(struct http_server *server);

#endif
