/*
 * The small HTTP server over real sockets: its routes, what it refuses, and its limits.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#include "base/clock.h"
#include "observe/http.h"
#include "tests/lib/httptest.h"

#define ANSWER_MAX (1 << 16)
#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"

static char answer[ANSWER_MAX];
static struct http_server *server;
static int asked;

static void
say_hello(void *opaque, struct http_reply *reply)
{
    (*(int *)opaque)++;
    reply->content_type = "text/x-hello";
    strbuf_add_text(&reply->body, "hello\n");
}

static void
say_no(void *opaque, struct http_reply *reply)
{
    (void)opaque;
    reply->status = 503;
    strbuf_add_text(&reply->body, "not now\n");
}

static void
say_too_much(void *opaque, struct http_reply *reply)
{
    (void)opaque;
    for (size_t i = 0; i <= HTTP_REPLY_BYTES_MAX / 16; i++)
        strbuf_add_text(&reply->body, "0123456789abcdef");
}

#define LARGE_BYTES ((size_t)15 << 20)

static void
say_a_lot(void *opaque, struct http_reply *reply)
{
    (void)opaque;
    for (size_t i = 0; i < LARGE_BYTES / 16; i++)
        strbuf_add_text(&reply->body, "0123456789abcdef");
}

static const struct http_route routes[] = {
    {"/large", say_a_lot},
    {"/hello", say_hello},
    {"/no", say_no},
    {"/much", say_too_much},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

static int
set_up(void **state)
{
    struct err err = {0};
    (void)state;
    if (http_start(&server, "127.0.0.1:0", routes, ROUTES, &asked, &err) != 0)
        fail_msg("%s", err.message);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    http_stop(server);
    return 0;
}

static int
ask(const char *request)
{
    return httptest_ask(http_address(server), request, answer, sizeof(answer));
}

static void
routes_answer(void **state)
{
    (void)state;
    asked = 0;
    assert_int_equal(ask("GET /hello HTTP/1.1\r\n" CLOSE), 200);
    assert_non_null(strstr(answer, "\r\nContent-Type: text/x-hello\r\n"));
    assert_non_null(strstr(answer, "\r\n\r\nhello\n"));
    assert_int_equal(ask("GET /hello?a=b HTTP/1.1\r\n" CLOSE), 200);
    assert_int_equal(ask("HEAD /hello HTTP/1.1\r\n" CLOSE), 200);
    assert_non_null(strstr(answer, "\r\nContent-Length: 6\r\n"));
    assert_null(strstr(answer, "hello\n"));
    assert_int_equal(asked, 3);
    assert_int_equal(ask("GET /no HTTP/1.0\r\n\r\n"), 503);
    assert_non_null(strstr(answer, "\r\n\r\nnot now\n"));
}

static void
anything_else_is_refused(void **state)
{
    (void)state;
    asked = 0;
    assert_int_equal(ask("GET / HTTP/1.1\r\n" CLOSE), 404);
    assert_int_equal(ask("GET /hello/ HTTP/1.1\r\n" CLOSE), 404);
    assert_int_equal(ask("GET /HELLO HTTP/1.1\r\n" CLOSE), 404);
    assert_int_equal(ask("DELETE /hello HTTP/1.1\r\n" CLOSE), 405);
    assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD\r\n"));
    assert_int_equal(ask("OPTIONS * HTTP/1.1\r\n" CLOSE), 405);
    assert_int_equal(ask("POST /hello HTTP/1.1\r\nContent-Length: 5\r\n" CLOSE "12345"), 405);
    assert_int_equal(ask("GET /hello HTTP/1.1\r\nContent-Length: 5\r\n" CLOSE "12345"), 413);
    assert_int_equal(ask("GET /hello HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE), 413);
    assert_int_equal(asked, 0);
    ask("rubbish\r\n\r\n");
    assert_null(strstr(answer, " 200 "));
    /* and after all that it still answers */
    assert_int_equal(ask("GET /hello HTTP/1.1\r\n" CLOSE), 200);
}

/* Refused at the first byte of the body: what is promised by a length is not waited for. */
static void
a_body_is_not_waited_for(void **state)
{
    (void)state;
    assert_int_equal(ask("POST /hello HTTP/1.1\r\nContent-Length: 99999999\r\n" CLOSE), 405);
}

/* One header of `size` bytes. */
static int
ask_with_header(size_t size)
{
    static const char begin[] = "GET /hello HTTP/1.1\r\nX: ", end[] = "\r\n" CLOSE;
    char *request = calloc(1, sizeof(begin) + size + sizeof(end));
    assert_non_null(request);
    memcpy(request, begin, sizeof(begin) - 1);
    memset(request + sizeof(begin) - 1, 'x', size);
    memcpy(request + sizeof(begin) - 1 + size, end, sizeof(end));
    int status = ask(request);
    free(request);
    return status;
}

static void
large_requests_are_refused(void **state)
{
    (void)state;
    asked = 0;
    int status = ask_with_header(HTTP_REQUEST_BYTES_MAX);
    assert_true(status == 431 || status == 413 || status == 0);
    assert_int_equal(asked, 0);
    /* the library needs some of the limit for itself */
    assert_int_equal(ask_with_header(HTTP_REQUEST_BYTES_MAX / 2), 200);
}

static void
large_answers_are_no_answers(void **state)
{
    (void)state;
    assert_int_equal(ask("GET /much HTTP/1.1\r\n" CLOSE), 500);
    assert_non_null(strstr(answer, "larger than the limit"));
}

/* ---- who is slow ---- */

static const char keep[] = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

/* On a connection that stays: it is there when the answer came. */
static void
ask_on(int fd)
{
    size_t len = 0;
    httptest_send(fd, keep, sizeof(keep) - 1);
    do
        len += httptest_receive(fd, answer + len, 2);
    while (len > 0 && len < 1000 && strstr(answer, "\r\n\r\nhello\n") == NULL);
    assert_non_null(strstr(answer, "HTTP/1.1 200"));
}

/* From another address of the loopback network. */
static int
connect_from(const char *host)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    const char *colon = strrchr(http_address(server), ':');
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 20};
    to.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(inet_pton(AF_INET, host, &from.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

static bool
is_closed(int fd)
{
    char rest[4096];
    ssize_t got;
    while ((got = recv(fd, rest, sizeof(rest), 0)) > 0)
        ;
    return got == 0 || errno == ECONNRESET;
}

static void
the_newest_takes_the_place_of_the_oldest(void **state)
{
    (void)state;
    int idle[HTTP_CONNECTIONS_MAX + 1];
    int64_t began = clock_monotonic_ns();
    for (size_t i = 0; i <= HTTP_CONNECTIONS_MAX; i++) {
        idle[i] = httptest_connect(http_address(server));
        ask_on(idle[i]);
    }
    assert_true(is_closed(idle[0]));
    assert_true(clock_monotonic_ns() - began < HTTP_REQUEST_S * NS_PER_S); /* not for being idle */
    for (size_t i = 1; i <= HTTP_CONNECTIONS_MAX; i++)
        close(idle[i]);
    close(idle[0]);
}

static void
an_address_with_many_makes_room_first(void **state)
{
    (void)state;
    int many[3 * HTTP_CONNECTIONS_MAX], other = connect_from("127.0.0.2");
    ask_on(other);
    for (size_t i = 0; i < 3 * HTTP_CONNECTIONS_MAX; i++) {
        many[i] = httptest_connect(http_address(server));
        ask_on(many[i]);
    }
    ask_on(other); /* the oldest of all, and still there */
    for (size_t i = 0; i < 3 * HTTP_CONNECTIONS_MAX; i++)
        close(many[i]);
    close(other);
}

#define SLOW 100

/* Each says something again and again, and none of them ever asks. */
static void
slow_requests_keep_nobody_waiting(void **state)
{
    (void)state;
    int slow[SLOW];
    int64_t began = clock_monotonic_ns();
    for (size_t i = 0; i < SLOW; i++) {
        slow[i] = httptest_connect(http_address(server));
        httptest_send(slow[i], "GET /hello HTTP/1.1\r\nX: ", 24);
    }
    for (int times = 0; times < 20; times++) {
        for (size_t i = 0; i < SLOW; i++)
            httptest_send(slow[i], "a", 1);
        assert_int_equal(ask("GET /hello HTTP/1.1\r\n" CLOSE), 200);
    }
    /* They did not have to run out of their time first. */
    assert_true(clock_monotonic_ns() - began < HTTP_REQUEST_S * NS_PER_S);
    for (size_t i = 0; i < SLOW; i++)
        close(slow[i]);
}

#define DEADLINE_NS (200 * NS_PER_MS)
#define BETWEEN_NS (20 * NS_PER_MS)

static void
a_request_has_a_deadline_as_a_whole(void **state)
{
    (void)state;
    http_set_deadline(server, DEADLINE_NS);
    int fd = httptest_connect(http_address(server));
    int64_t began = clock_monotonic_ns();
    bool open = send(fd, keep, sizeof(keep) - 3, MSG_NOSIGNAL) > 0;
    while (open && clock_monotonic_ns() - began < 100 * DEADLINE_NS) {
        char rest;
        clock_sleep_until(clock_monotonic_ns() + BETWEEN_NS); /* the pace of who is slow */
        open = send(fd, "a", 1, MSG_NOSIGNAL) == 1 && recv(fd, &rest, 1, MSG_DONTWAIT) != 0;
    }
    close(fd);
    http_set_deadline(server, HTTP_REQUEST_S * NS_PER_S);
    assert_false(open);
}

/* More than lies between two sockets, so that it cannot all be sent to who does not read. */
static void
so_has_taking_the_answer(void **state)
{
    (void)state;
    static const char large[] = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
    static char piece[1 << 16];
    http_set_deadline(server, DEADLINE_NS);
    int fd = httptest_connect(http_address(server));
    httptest_send(fd, large, sizeof(large) - 1);
    clock_sleep_until(clock_monotonic_ns() + 5 * DEADLINE_NS); /* who reads late */
    size_t taken = 0;
    ssize_t got;
    while ((got = recv(fd, piece, sizeof(piece), 0)) > 0)
        taken += (size_t)got;
    close(fd);
    http_set_deadline(server, HTTP_REQUEST_S * NS_PER_S);
    assert_true(got == 0 || errno == ECONNRESET);
    assert_in_range(taken, 1, LARGE_BYTES - 1);
}

static void
expect_refused(const char *listen, enum err_code code)
{
    struct err err = {0};
    struct http_server *other = NULL;
    assert_int_equal(http_start(&other, listen, routes, ROUTES, &asked, &err), -1);
    if (err.code != code)
        fail_msg("%s: %s: %s", listen, err_name(err.code), err.message);
}

static void
addresses_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "9461",        ":9461",           "127.0.0.1", "127.0.0.1:",
        "127.0.0.1:x", "127.0.0.1:65536", "[]:80",     "no such host.invalid:1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        expect_refused(wrong[i], ERR_CONFIG);
    expect_refused(http_address(server), ERR_IO); /* taken */
    struct err err = {0};
    struct http_server *other = NULL;
    assert_int_equal(http_start(&other, "localhost:0", routes, ROUTES, &asked, &err), 0);
    assert_null(strstr(http_address(other), ":0"));
    http_stop(other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_answer),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_body_is_not_waited_for),
        cmocka_unit_test(large_requests_are_refused),
        cmocka_unit_test(large_answers_are_no_answers),
        cmocka_unit_test(the_newest_takes_the_place_of_the_oldest),
        cmocka_unit_test(an_address_with_many_makes_room_first),
        cmocka_unit_test(slow_requests_keep_nobody_waiting),
        cmocka_unit_test(a_request_has_a_deadline_as_a_whole),
        cmocka_unit_test(so_has_taking_the_answer),
        cmocka_unit_test(addresses_are_checked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
