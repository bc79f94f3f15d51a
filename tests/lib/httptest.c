/*
 * See httptest.h. One thread.
 */
#include "tests/lib/httptest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#define PATIENCE_S 20

int
httptest_connect(const char *address)
{
    struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in at = {.sin_family = AF_INET};
    char host[64];
    const char *colon = strrchr(address, ':');
    assert_non_null(colon);
    snprintf(host, sizeof(host), "%.*s", (int)(colon - address), address);
    at.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    assert_int_equal(inet_pton(AF_INET, host, &at.sin_addr), 1);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        fail_msg("nobody listens on %s", address);
    return fd;
}

void
httptest_send(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* refused before all was said */
        at += sent;
        len -= (size_t)sent;
    }
}

size_t
httptest_receive(int fd, char *ret, size_t size)
{
    size_t len = 0;
    while (len + 1 < size) {
        ssize_t got = recv(fd, ret + len, size - 1 - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    ret[len] = '\0';
    return len;
}

int
httptest_ask(const char *address, const char *request, char *ret, size_t size)
{
    int fd = httptest_connect(address);
    httptest_send(fd, request, strlen(request));
    httptest_receive(fd, ret, size);
    close(fd);
    return strncmp(ret, "HTTP/1.", 7) == 0 ? (int)strtol(ret + 9, NULL, 10) : 0;
}
