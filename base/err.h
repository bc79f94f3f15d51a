/*
 * Errors as values. A function that can fail returns 0 or -1 and takes a `struct err *` last; it is
 * written only on failure and has a fixed size, so reporting an error never allocates. Lower layers
 * fill it in and never log; the owner of the thread logs once or prints it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
    ERR_NONE = 0,
#define ERROR(name, exit_code, retriable, meaning) ERR_##name,
#include "base/errors.def"
#undef ERROR
};

struct err {
    enum err_code code;
    int sys_errno;     /* errno of the failing call, 0 when none */
    char sqlstate[6];  /* of PostgreSQL, empty when none */
    char message[512]; /* one line, no trailing stop, no secret */
    char hint[256];    /* what the reader can do about it, may be empty */
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text_at, args_at) __attribute__((format(printf, text_at, args_at)))

/* Fill in `err` and return -1, so that callers can write `return err_set(...)`. `err` may be NULL.
 */
int err_set(struct err *err, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same, with the text of errno appended. */
int err_set_errno(struct err *err, enum err_code code, int number, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Add or replace the hint of an error that is already set. Returns -1. */
int err_hint(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Put context before the message: "loading x.json" gives "loading x.json: MESSAGE". Returns -1. */
int err_prefix(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#ifdef __clang_analyzer__
/* It looks at one file at a time, and would go on after a failure as if all were well. */
#define err_set(...) ((void)err_set(__VA_ARGS__), -1)
#define err_set_errno(...) ((void)err_set_errno(__VA_ARGS__), -1)
#define err_hint(...) ((void)err_hint(__VA_ARGS__), -1)
#define err_prefix(...) ((void)err_prefix(__VA_ARGS__), -1)
#endif

/* Name of the code as in errors.def, for example "DB_DOWN". */
const char *err_name(enum err_code code);
int err_exit_code(enum err_code code);
bool err_retriable(enum err_code code);

#endif
