/*
 * The other side of the small HTTP server, for tests: raw bytes out, raw bytes in.
 */
#ifndef TESTS_LIB_HTTPTEST_H
#define TESTS_LIB_HTTPTEST_H

#include <stddef.h>

/* Connects to "HOST:PORT" (IPv4); fails the test when nobody listens. */
int httptest_connect(const char *address);
void httptest_send(int fd, const void *bytes, size_t len);
/* Reads until the other side closes or `ret` is full; terminated. Returns the number of bytes. */
size_t httptest_receive(int fd, char *ret, size_t size);
/* All of it; `request` is sent as it is. Returns the status code, 0 where there was no answer. */
int httptest_ask(const char *address, const char *request, char *ret, size_t size);

#endif
