/*
 * Where an event lies: the name that a record has when it has no other. `stream_id` stands for
 * (cluster, topic, incarnation, partition), a row of evidence.stream.
 */
#ifndef HINDCAST_COORDINATES_H
#define HINDCAST_COORDINATES_H

#include <stdint.h>

struct coordinates {
    int64_t stream_id;
    int64_t offset;
    int32_t index; /* of the event in its record */
};

#endif
