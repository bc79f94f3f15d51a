/*
 * With which options a worker decodes: those that are applied in the database, and others from the
 * moment they count. Worker's thread, while the writer has neither batch nor question.
 */
#ifndef INGEST_WORKER_DECODING_H
#define INGEST_WORKER_DECODING_H

#include "base/err.h"

struct worker;

/*
 * Reads what counts. What the batches hold was decoded otherwise: it is dropped, and the streams
 * are claimed and read again. Where other maps, lines or schemas count than those in use, all
 * workers end instead (ingest_exchange()), as only who does not decode can put them to use. -1: all
 * is as it was.
 */
int decoding_renew(struct worker *worker, struct err *err) MUST_CHECK;
/* For the beginning, when nothing was read: what the files of this process say. */
int decoding_own(struct worker *worker, struct err *err) MUST_CHECK;

#endif
