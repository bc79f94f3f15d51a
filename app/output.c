/*
 * Standard output, checked to the last byte: see output.h. stdio forgets both the bytes and the
 * reason of a failed flush, which is why the stream is one of our own.
 */
#include "app/output.h"
#include "app/pager.h"
#include "base/memory.h"
#include "base/text/escape.h"
#include "base/text/visible.h"
#include "report/render/style.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)64 * 1024)
#define LEAST_COLUMNS 40 /* narrower is nobody's terminal */
#define USUAL_COLUMNS 80

static int failure;   /* errno of the first write that failed */
static bool terminal; /* is that where standard output goes? */
static char cut[4];   /* the beginning of a character */
static size_t cut_len;
static bool skilled;      /* ... and does it know more than lines? */
static const char *pager; /* to be started with the first byte; NULL: none */

/* A pipe that somebody made non-blocking is full, not broken. */
static bool
wait_for_room(void)
{
    struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&room, 1, -1) >= 0 || errno == EINTR;
}

static void
write_all(const char *bytes, size_t size)
{
    while (size > 0 && failure == 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (written == 0) {
            failure = ENOSPC;
        } else if (errno != EINTR &&
                   !((errno == EAGAIN || errno == EWOULDBLOCK) && wait_for_room())) {
            failure = errno;
        }
    }
}

/* True if this is the beginning of a character whose rest comes with the next piece. */
static bool
is_cut(struct sv text)
{
    unsigned char first = (unsigned char)text.ptr[0];
    size_t whole = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return text.len < whole;
}

/*
 * Products (JSON Lines, CSV, Markdown, exports) have escapes of their own, which let through what a
 * terminal obeys: there they pass here, line by line. Marks of styles pass here wherever it goes.
 * `all`: nothing comes after it.
 */
static void
write_visible(struct sv text, bool all)
{
    struct strbuf in, out;
    strbuf_init(&in, 0);
    strbuf_init(&out, 0);
    strbuf_add(&in, cut, cut_len);
    strbuf_add_sv(&in, text);
    struct sv left = strbuf_view(&in);
    assert(cut_len < sizeof(cut));
    while (left.len > 0 && (all || !is_cut(left))) {
        size_t length = 1;
        const char *sequence = render_style_sequence(left, &length);
        if (sequence != NULL)
            strbuf_add_text(&out, sequence);
        else if (!terminal)
            strbuf_add(&out, left.ptr, length = 1);
        else if (left.ptr[0] == '\n' || left.ptr[0] == '\t')
            strbuf_add_char(&out, left.ptr[0]);
        else
            length = escape_terminal_first(&out, left);
        left = sv_slice(left, length, left.len);
    }
    assert(left.len < sizeof(cut)); /* the beginning of one character at most */
    cut_len = left.len;
    if (left.len > 0)
        memcpy(cut, left.ptr, left.len);
    write_all(out.ptr, out.len);
    strbuf_release(&in);
    strbuf_release(&out);
}

static ssize_t
write_stream(void *cookie, const char *bytes, size_t size)
{
    (void)cookie;
    if (pager != NULL && size > 0)
        pager_start(pager);
    pager = NULL;
    if (terminal || render_color_used())
        write_visible(sv_of(bytes, size), false);
    else
        write_all(bytes, size);
    return (ssize_t)size; /* also what is lost: output_close() tells, stdio need not try again */
}

/* The lowest free number is the next to be given away: in this order each gets its own. */
static void
take_numbers(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY}; /* using one that was closed fails */
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
            abort();
}

void
output_open(void)
{
    cookie_io_functions_t functions = {.write = write_stream};
    take_numbers();
    /* Errors come back from write() instead: a limit on file sizes is to be told like a full disk.
     */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    FILE *stream = fopencookie(NULL, "w", functions);
    memory_need(stream);
    const char *kind = getenv("TERM");
    terminal = isatty(STDOUT_FILENO) == 1;
    skilled = terminal && kind != NULL && strcmp(kind, "dumb") != 0;
    setvbuf(stream, NULL, terminal ? _IOLBF : _IOFBF, BUFFER_BYTES);
    stdout = stream;
}

void
output_clear_screen(void)
{
    static const char clear[] = "\033[H\033[2J\033[3J";
    fflush(stdout);
    if (skilled)
        write_all(clear, sizeof(clear) - 1);
}

bool
output_is_terminal(void)
{
    return skilled;
}

size_t
output_columns(void)
{
    static size_t columns; /* what was last seen: a pager may stand before the terminal now */
    struct winsize size;
    if (isatty(STDOUT_FILENO) == 1)
        columns = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < LEAST_COLUMNS
                      ? USUAL_COLUMNS
                      : size.ws_col;
    return columns;
}

void
output_page(bool wanted)
{
    pager = wanted && skilled ? pager_choose() : NULL;
}

bool
output_failed(void)
{
    return failure != 0;
}

int
output_buffer(const struct strbuf *text, const char *what, struct err *err)
{
    if (text->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", what, text->max >> 20);
    if (text->len > 0)
        fwrite(text->ptr, 1, text->len, stdout);
    return 0;
}

int
output_close(int status)
{
    fflush(stdout);
    if (cut_len > 0)
        write_visible(SV_NONE, true);
    if (close(STDOUT_FILENO) != 0 && failure == 0 && errno != EINTR)
        failure = errno;
    pager_wait();
    if (failure == 0 || failure == EPIPE)
        return status;
    visible_line(stderr, "hindcast: cannot write the output: %s", strerror(failure));
    visible_line(stderr, "  what stands there is not whole");
    return status == 0 ? 1 : status;
}
