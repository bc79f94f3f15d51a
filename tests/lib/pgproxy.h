/*
 * A server between a program and PostgreSQL that passes bytes on and, when a test says so, does
 * what networks do: nothing for a while, refuse, or cut the line in the moment of a COMMIT. Listens
 * on 127.0.0.1, forwards to the server of PGHOST and PGPORT. A thread of its own; failures end the
 * test.
 *
 * The client must speak in clear (PGSSLMODE=disable, PGGSSENCMODE=disable), so that the COMMIT can
 * be seen.
 */
#ifndef TESTS_PGPROXY_H
#define TESTS_PGPROXY_H

#include <stdint.h>

enum proxy_mode {
    PROXY_PASS,
    PROXY_STALL,          /* connections stay, nothing passes */
    PROXY_REFUSE,         /* connections are cut, new ones too */
    PROXY_CUT_BEFORE,     /* cut each connection that sends COMMIT; the server never sees it */
    PROXY_CUT_AFTER,      /* cut when the server has answered COMMIT; the client never sees that */
    PROXY_CUT_ALTERNATING /* before, after, before, ... every second COMMIT */
};

struct pgproxy;

struct pgproxy *pgproxy_start(void);
void pgproxy_stop(struct pgproxy *proxy);
int pgproxy_port(const struct pgproxy *proxy);
void pgproxy_set(struct pgproxy *proxy, enum proxy_mode mode);
/* COMMITs cut before the server saw them, and after it had answered. */
int64_t pgproxy_cut_before(const struct pgproxy *proxy);
int64_t pgproxy_cut_after(const struct pgproxy *proxy);
/* Lines with bytes, of either side, that wait because of PROXY_STALL. */
int pgproxy_waiting(const struct pgproxy *proxy);

#endif
