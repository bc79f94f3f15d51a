/*
 * What must be true after a run, whatever was done to it: see crash.h. Main thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/crash.h"

struct expected {
    int64_t records, stored, empty, tombstones, quarantined, events;
};

static struct expected
expect(const int64_t *numbers, int64_t count)
{
    struct expected sum = {.records = count};
    for (int64_t i = 0; i < count; i++) {
        enum record_sort sort = oracle_sort(numbers[i]);
        sum.tombstones += sort == SORT_TOMBSTONE;
        sum.empty += sort == SORT_EMPTY;
        sum.quarantined += sort == SORT_BROKEN || sort == SORT_BLANK;
        sum.events += sort == SORT_PAIR ? 2 : sort <= SORT_CHAT;
        sum.stored += sort <= SORT_PAIR;
    }
    return sum;
}

static int64_t
column(const PGresult *result, int row, const char *name)
{
    int at = PQfnumber(result, name);
    return PQgetisnull(result, row, at) ? -1 : strtoll(PQgetvalue(result, row, at), NULL, 10);
}

static void
need(struct run *run, const PGresult *result, int row, const char *name, int64_t wanted)
{
    int64_t have = column(result, row, name);
    if (have != wanted)
        fail_run(run, "partition %lld, incarnation %lld: %s is %lld, expected %lld",
                 (long long)column(result, row, "partition"),
                 (long long)column(result, row, "incarnation"), name, (long long)have,
                 (long long)wanted);
}

/* Both equations of the ledger, against what was produced and against the batches. */
static void
check_ledger(struct run *run, const PGresult *result, int row, const struct expected *sum)
{
    need(run, result, row, "first_offset", 0);
    need(run, result, row, "records", sum->records);
    need(run, result, row, "stored", sum->stored);
    need(run, result, row, "condensed", 0);
    need(run, result, row, "empty", sum->empty);
    need(run, result, row, "tombstones", sum->tombstones);
    need(run, result, row, "quarantined", sum->quarantined);
    need(run, result, row, "events", sum->events);
    need(run, result, row, "holes", 0);
    need(run, result, row, "lost", 0);
    need(run, result, row, "tail_offset", sum->records - 1);
    need(run, result, row, "batch_records", sum->records);
    need(run, result, row, "batch_events", sum->events);
    need(run, result, row, "batch_breaks", 1);
    need(run, result, row, "batch_end", sum->records);
    need(run, result, row, "segment_records", sum->records);
    need(run, result, row, "segment_offsets", sum->records);
    need(run, result, row, "segment_end", sum->records - 1);
}

static const char streams[] =
    "SELECT s.*, b.*, e.*, (SELECT count(*) FROM evidence.source_gap g "
    "                       WHERE g.stream_id = s.stream_id) AS gaps, "
    "(SELECT count(*) FROM evidence.source_gap g "
    " WHERE g.stream_id = s.stream_id AND kind IN ('recreated', 'vanished')) AS told "
    "FROM evidence.stream s, "
    "LATERAL (SELECT coalesce(sum(records), 0) AS batch_records, "
    "                coalesce(sum(events), 0) AS batch_events, max(next_offset) AS batch_end, "
    "                count(*) FILTER (WHERE first_offset IS DISTINCT FROM before) AS batch_breaks "
    "         FROM (SELECT b.*, lag(next_offset) OVER (ORDER BY seq) AS before "
    "               FROM evidence.batch b WHERE b.stream_id = s.stream_id) b) b, "
    "LATERAL (SELECT count(o) AS segment_records, count(DISTINCT o) AS segment_offsets, "
    "                max(o) AS segment_end "
    "         FROM evidence.segment g, crash.offsets(g) o WHERE g.stream_id = s.stream_id) e "
    "WHERE topic = $1 ORDER BY s.incarnation, s.partition";

static void
check_stream(struct run *run, const PGresult *result, int row)
{
    int64_t partition = column(result, row, "partition"), next = column(result, row, "next_offset");
    int64_t incarnation = column(result, row, "incarnation");
    /* Partitions that came with the second topic are in their first incarnation there. */
    int64_t at = incarnation - 1 + (partition >= run->plan.partitions);
    if (at >= run->plan.life_count || partition >= run->plan.lives[at].topic_partitions)
        fail_run(run, "a stream nobody made: partition %lld, incarnation %lld",
                 (long long)partition, (long long)incarnation);
    const struct life *life = &run->plan.lives[at];
    bool last = at == run->plan.life_count - 1;
    int64_t count = life->of_count[partition];
    if (run->cut_short[at] && next > 0 && next < count)
        count = next;
    need(run, result, row, "next_offset", count);
    struct expected sum = expect(life->of[partition], count);
    check_ledger(run, result, row, &sum);
    need(run, result, row, "gaps", last ? 0 : 1);
    need(run, result, row, "told", last ? 0 : 1);
    check_rows(run, column(result, row, "stream_id"), life->of[partition], count);
}

/*
 * Each batch was written by the process whose claim was in force at that moment, and by no backend
 * that a claim had ended before. The notes of a stream are in the order of its row lock.
 */
static void
check_epochs(struct run *run)
{
    int64_t foreign = database_int(
        run, "SELECT count(*) FROM crash.note n JOIN evidence.stream s USING (stream_id) "
             "WHERE s.topic = $1 AND what = 'batch' AND NOT EXISTS ("
             "  SELECT FROM crash.note c WHERE c.stream_id = n.stream_id AND c.what = 'claim' "
             "  AND c.id = (SELECT max(id) FROM crash.note l WHERE l.stream_id = n.stream_id "
             "              AND l.what = 'claim' AND l.id < n.id) "
             "  AND c.epoch = n.epoch AND c.process = n.process)");
    if (foreign != 0)
        fail_run(run, "%lld batches were written by a process that had lost the stream",
                 (long long)foreign);
    int64_t dead = database_int(
        run, "SELECT count(*) FROM crash.note n JOIN evidence.stream s USING (stream_id) "
             "WHERE s.topic = $1 AND n.what = 'batch' AND EXISTS ("
             "  SELECT FROM crash.note c JOIN evidence.stream t USING (stream_id) "
             "  WHERE t.topic = $1 AND c.what = 'claim' AND c.id < n.id AND c.ended_pid = n.pid "
             "  AND c.ended_start = n.started AND c.pid <> n.pid)");
    if (dead != 0)
        fail_run(run, "%lld batches were written by backends that a claim had ended",
                 (long long)dead);
    int64_t missing = database_int(
        run, "SELECT count(*) FROM evidence.batch b JOIN evidence.stream s USING (stream_id) "
             "WHERE s.topic = $1 AND NOT EXISTS (SELECT FROM crash.note n "
             "WHERE n.stream_id = b.stream_id AND n.seq = b.seq AND n.what = 'batch')");
    if (missing != 0)
        fail_run(run, "%lld batches without a note of who wrote them", (long long)missing);
}

void
check_run(struct run *run)
{
    PGresult *result = database_query(run, streams);
    int wanted = 0;
    for (int i = 0; i < run->plan.life_count; i++)
        wanted += run->plan.lives[i].topic_partitions;
    if (PQntuples(result) != wanted)
        fail_run(run, "%d streams, expected %d", PQntuples(result), wanted);
    for (int row = 0; row < wanted; row++)
        check_stream(run, result, row);
    PQclear(result);
    int64_t differ = database_int(run, "SELECT crash.counts_differ($1)");
    if (differ != 0)
        fail_run(run, "%lld counts are not those of the rows", (long long)differ);
    check_epochs(run);
}
