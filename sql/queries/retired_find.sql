-- Did retention remove the segment that held the record?
SELECT EXISTS (SELECT FROM evidence.retired
               WHERE stream_id = $1::bigint AND first_offset <= $2::bigint
                 AND next_offset > $2::bigint)
