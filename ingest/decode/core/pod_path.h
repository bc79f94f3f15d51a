/*
 * What the path of a container's log says: the kubelet names the pod in it.
 *
 *     pods/NAMESPACE_POD_UID/CONTAINER/0.log
 *     containers/POD_NAMESPACE_CONTAINER-ID.log
 */
#ifndef INGEST_DECODE_CORE_POD_PATH_H
#define INGEST_DECODE_CORE_POD_PATH_H

#include "base/arena.h"
#include "hindcast/event.h"

/* The container is the service of an event that has none, pod and namespace become attributes where
 * it has no others. Other paths say nothing. */
void pod_path_fill(struct arena *arena, struct sv path, struct event *event);

#endif
