/*
 * Traces and other texts of several lines: what a line is within one, and what the whole tells.
 * Java and other languages of its machine, Python, Go, Node, .NET, Ruby, PHP, Rust. Pure functions:
 * a line is judged by its own bytes.
 */
#ifndef INGEST_PARSE_TRACE_H
#define INGEST_PARSE_TRACE_H

#include "base/arena.h"

enum trace_line {
    TRACE_NOT = 0,
    TRACE_FRAME,     /* a call: "at shop.Cart.pay(Cart.java:41)", "#1 {main}", "... 14 more" */
    TRACE_MORE,      /* goes on: "Caused by: ..", "During handling of ..", "[stacktrace]" */
    TRACE_BEGIN,     /* "Traceback (most recent call last):" */
    TRACE_EXCEPTION, /* "java.io.IOException: gone", "KeyError: 'total'" */
    TRACE_CRASH,     /* the last words of a process: "panic: ..", "Exception in thread .." */
    TRACE_CLOSER,    /* nothing but brackets: "}" */
};

/* The line without what stands before its text, such as colour; blanks at its start are kept. */
enum trace_line trace_line(struct sv line);
/* A line of Go's traces that has no form of its own: "main.run(0x1, 0x2)". */
bool trace_go_call(struct sv line);
/* Such a line never begins a record: a frame, what goes on, a closing bracket. */
static inline bool
trace_goes_on(enum trace_line line)
{
    return line == TRACE_FRAME || line == TRACE_MORE || line == TRACE_CLOSER;
}

/* What a trace is about; views into the text. */
struct trace_told {
    struct sv exception; /* what was thrown to where it was written; of Python the last one */
    struct sv cause;     /* the innermost "Caused by", if there is one */
    bool python;         /* it comes last, and no other says what it is about */
    bool from_start;     /* nothing stands before it but what every trace begins with */
};
/* False: no exception is told. Looks at the first TRACE_LINES_MAX lines. */
#define TRACE_LINES_MAX 2000
bool trace_read(struct sv text, struct trace_told *ret_told);
/* One line that says what happened: `head`, the exception, its cause, as far as each says more. */
struct sv trace_title(struct arena *arena, struct sv head, const struct trace_told *told);

#endif
