/*
 * The small HTTP server over real sockets: its routes, what it refuses, and its limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

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

static const struct http_route routes[] = {
    {"/hello", say_hello},
    {"/no", say_no},
    {"/much", say_too_much},
};

static int
set_up(void **state)
{
    struct err err = {0};
    (void)state;
    if (http_start(&server, "127.0.0.1:0", routes, 3, &asked, &err) != 0)
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

static void
connections_are_counted(void **state)
{
    (void)state;
    int idle[HTTP_CONNECTIONS_MAX];
    /* each has been accepted when its answer came; they stay open */
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++) {
        idle[i] = httptest_connect(http_address(server));
        httptest_send(idle[i], "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", 33);
        assert_int_equal(httptest_receive(idle[i], answer, 13), 12);
        assert_string_equal(answer, "HTTP/1.1 200");
    }
    int more = httptest_connect(http_address(server));
    asked = 0;
    httptest_send(more, "GET /hello HTTP/1.1\r\n" CLOSE, 21 + sizeof(CLOSE) - 1);
    /* only now there is room, or it was closed: never is it answered beside the others */
    struct timeval moment = {.tv_usec = 300000};
    setsockopt(more, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof(moment));
    assert_int_equal(httptest_receive(more, answer, sizeof(answer)), 0);
    assert_int_equal(asked, 0);
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++)
        close(idle[i]);
    close(more);
    int status = 0;
    for (int tries = 0; tries < 100 && status != 200; tries++)
        status = ask("GET /hello HTTP/1.1\r\n" CLOSE);
    assert_int_equal(status, 200);
}

static void
expect_refused(const char *listen, enum err_code code)
{
    struct err err = {0};
    struct http_server *other = NULL;
    assert_int_equal(http_start(&other, listen, routes, 3, &asked, &err), -1);
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
    assert_int_equal(http_start(&other, "localhost:0", routes, 3, &asked, &err), 0);
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
        cmocka_unit_test(connections_are_counted),
        cmocka_unit_test(addresses_are_checked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
