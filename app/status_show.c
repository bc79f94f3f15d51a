/*
 * Showing where the whole stands: see status_show.h.
 */
#include "app/status_show.h"

#include <stdio.h>

#include "app/output.h"
#include "base/clock.h"
#include "base/stop.h"

#define LOOK_AGAIN_NS (2 * NS_PER_S) /* and the time of a batch */
#define SLICE_NS (100 * NS_PER_MS)

static void
wait_until(const struct status_show *show, int64_t until_ns)
{
    while (!stop_asked(show->stop) && clock_monotonic_ns() < until_ns) {
        int64_t slice = clock_monotonic_ns() + SLICE_NS;
        clock_sleep_until(slice < until_ns ? slice : until_ns);
    }
}

static int
print(const struct status_show *show, bool clear, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (clear)
        output_clear_screen();
    if (show->json)
        render_status_json(status_look_last(show->look), &out);
    else
        render_status(status_look_last(show->look), output_columns(), &out);
    int status = output_buffer(&out, "the status", err);
    strbuf_release(&out);
    fflush(stdout);
    return status;
}

int
status_show_once(struct status_show *show, struct err *err)
{
    if (status_look(show->look, err) != 0)
        return -1;
    if (status_suspicious(status_look_last(show->look), &show->look->limits)) {
        wait_until(show, clock_monotonic_ns() + LOOK_AGAIN_NS +
                             config_duration_ns(show->look->config, OPT_ingest_batch_time));
        if (status_look(show->look, err) != 0)
            return -1;
    }
    if (print(show, false, err) != 0)
        return -1;
    return status_exit_code(status_look_last(show->look));
}

int
status_show_again(struct status_show *show, int64_t every_ns, struct err *err)
{
    bool terminal = !show->json && output_is_terminal();
    output_page(false);
    while (!stop_asked(show->stop) && !output_failed()) {
        int64_t next_ns = clock_after(every_ns < SLICE_NS ? SLICE_NS : every_ns);
        if (status_look(show->look, err) == 0) {
            wait_notice_over(&show->waits);
            if (print(show, terminal, err) != 0)
                return -1;
        } else {
            if (!err_retriable(err->code))
                return -1;
            if (!stop_asked(show->stop))
                wait_notice_tell(&show->waits, err->message);
        }
        if (!terminal && !show->json)
            fputs("\n", stdout);
        wait_until(show, next_ns);
    }
    return 0;
}
