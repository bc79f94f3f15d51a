/*
 * Remarks about a file: see file_remarks.h. One function for each thing that may be said; the table
 * at the end has their order. Called by app/file_table.c.
 */
#include "app/file_remarks.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct look {
    const struct file_tally *tally;
    const struct assumed_zone *general;
    struct file_remark *remark; /* text "": nothing is to be said */
};

#define SAY(look_at, wanted, ...)                                                                  \
    do {                                                                                           \
        (look_at)->remark->look = (wanted);                                                        \
        snprintf((look_at)->remark->text, FILE_REMARK_TEXT, __VA_ARGS__);                          \
    } while (0)

/* "1 record", "2 records" */
#define COUNTED(count, one, many) (long long)(count), (count) == 1 ? one : many

static void
not_whole(const struct look *at)
{
    if (at->tally->problem[0] != '\0')
        SAY(at, true, "not all of it was read: %s", at->tally->problem);
}

static void
not_recognised(const struct look *at)
{
    const struct file_tally *tally = at->tally;
    if (tally->unrecognised > 0)
        SAY(at, true, "not recognised: %lld of %lld %s without a time or words that anybody knows",
            (long long)tally->unrecognised, COUNTED(tally->events, "event is", "events are"));
}

static bool
only_text(const struct file_tally *tally)
{
    return tally->format_count == 1 && strcmp(tally->formats[0].name, "text") == 0;
}

static void
looks_different(const struct look *at)
{
    static const char *const looks[] = {[LOOKS_JSON] = "JSON that is cut or not valid",
                                        [LOOKS_XML] = "XML",
                                        [LOOKS_WEB_PAGE] = "a web page"};
    const struct file_tally *tally = at->tally;
    assert(tally->look < sizeof(looks) / sizeof(looks[0]));
    if (only_text(tally) && looks[tally->look] != NULL)
        SAY(at, true, "read as lines of text, though it looks like %s", looks[tally->look]);
}

static void
quarantined(const struct look *at)
{
    const struct tally_finding *found = &at->tally->quarantined;
    if (found->count > 0)
        SAY(at, true, "%lld %s cannot be read (%sline %lld: %s)",
            COUNTED(found->count, "record", "records"), found->count > 1 ? "first: " : "",
            (long long)found->line, found->what);
}

static void
skipped(const struct look *at)
{
    const struct tally_finding *found = &at->tally->skipped;
    if (found->count == 0 && found->what[0] != '\0')
        SAY(at, true, "a part was skipped: %s", found->what);
    else if (found->count > 0)
        SAY(at, true, "%lld %s skipped (%sline %lld: %s)",
            COUNTED(found->count, "piece was", "pieces were"), found->count > 1 ? "first: " : "",
            (long long)found->line, found->what);
}

/* ---- times ---- */

/* One more part of "times: 90 of their own, 20 without a time zone (UTC assumed)". */
static void
add_times(const struct look *at, int64_t count, const char *what, bool looks)
{
    struct file_remark *remark = at->remark;
    size_t used = strlen(remark->text);
    if (count == 0)
        return;
    snprintf(remark->text + used, FILE_REMARK_TEXT - used, "%s%lld %s",
             used == 0 ? "times: " : ", ", (long long)count, what);
    remark->look |= looks;
}

static void
times(const struct look *at)
{
    const struct file_tally *tally = at->tally;
    const int64_t *of = tally->times;
    bool of_file = tally->zone[0] != '\0',
         told = of_file || (at->general != NULL && at->general->told);
    char zone[128];
    if (of[TIME_SOURCE_NATIVE] == tally->events)
        return;
    if (at->general == NULL) /* of many files: each has told */
        snprintf(zone, sizeof(zone), "without a time zone (assumed)");
    else
        snprintf(zone, sizeof(zone), "without a time zone (%s assumed%s)",
                 of_file ? tally->zone : at->general->name,
                 told ? ", as told" : "; --zone tells another");
    add_times(at, of[TIME_SOURCE_NATIVE], "of their own", false);
    add_times(at, of[TIME_SOURCE_ASSUMED_ZONE], zone, !told);
    add_times(at, of[TIME_SOURCE_ASSUMED_YEAR], "without a year (assumed from the file's date)",
              true);
    add_times(at, of[TIME_SOURCE_ASSUMED_DATE] - tally->dated_by_file,
              "without a date (assumed from what is around)", true);
    add_times(at, tally->dated_by_file, "missing (the date of the file is taken, as told)", false);
    add_times(at, of[TIME_SOURCE_INHERITED], "from the line before", false);
    add_times(at, of[TIME_SOURCE_ABSENT], "missing (so in no timeline)",
              of[TIME_SOURCE_ABSENT] * 2 > tally->events);
    add_times(at, of[TIME_SOURCE_KAFKA], "missing (Kafka's stands in)",
              of[TIME_SOURCE_KAFKA] * 2 > tally->events);
}

static void
empty(const struct look *at)
{
    const struct tally_finding *found = &at->tally->empty;
    if (found->count > 0)
        SAY(at, false, "%lld %s of no event (%sline %lld)",
            COUNTED(found->count, "record tells", "records tell"),
            found->count > 1 ? "first: " : "", (long long)found->line);
}

size_t
file_remarks(const struct file_tally *tally, const struct assumed_zone *general,
             struct file_remark ret_remarks[FILE_REMARKS_MAX])
{
    static void (*const all[])(const struct look *) = {
        not_whole, not_recognised, looks_different, quarantined, skipped, times, empty};
    size_t count = 0;
    for (int look = 1; look >= 0; look--)
        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
            struct file_remark remark = {.text = ""};
            all[i](&(struct look){tally, general, &remark});
            if (remark.text[0] != '\0' && remark.look == (look == 1)) {
                assert(count < FILE_REMARKS_MAX);
                ret_remarks[count++] = remark;
            }
        }
    return count;
}

bool
file_remark_times(const struct file_tally *sum, struct file_remark *ret_remark)
{
    *ret_remark = (struct file_remark){.text = ""};
    times(&(struct look){sum, NULL, ret_remark});
    return ret_remark->text[0] != '\0';
}
