/*
 * LD_PRELOAD for tests/it/hang_test.sh: the function of a library that HANGS names does not come
 * back once the file that HANGS_WHEN names exists.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
hang(const char *function)
{
    const char *chosen = getenv("HANGS"), *when = getenv("HANGS_WHEN");
    if (chosen != NULL && when != NULL && strcmp(chosen, function) == 0)
        while (access(when, F_OK) == 0)
            pause();
}

#define PASS(type, name, parameters, arguments)                                                    \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name);                      \
        hang(#name);                                                                               \
        return real arguments;                                                                     \
    }

PASS(int, rd_kafka_consumer_close, (void *rk), (rk))
PASS(void *, rd_kafka_consumer_poll, (void *rk, int timeout), (rk, timeout))
PASS(void *, rd_kafka_incremental_unassign, (void *rk, const void *list), (rk, list))
PASS(int, rd_kafka_flush, (void *rk, int timeout), (rk, timeout))
PASS(void *, PQgetResult, (void *pg), (pg))

void rd_kafka_destroy(void *rk);
void
rd_kafka_destroy(void *rk)
{
    void (*real)(void *) = (void (*)(void *))dlsym(RTLD_NEXT, "rd_kafka_destroy");
    hang("rd_kafka_destroy");
    real(rk);
}

void PQfinish(void *pg);
void
PQfinish(void *pg)
{
    void (*real)(void *) = (void (*)(void *))dlsym(RTLD_NEXT, "PQfinish");
    hang("PQfinish");
    real(pg);
}
