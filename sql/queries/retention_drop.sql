-- command: the table and its row in the list of partitions, at once. And of which scopes something goes with it that their correlator knows: a line,
-- or the record of one, that came again when it had been decided what is kept; what is kept of their groups is not whole any more.
SELECT CASE WHEN to_regclass($1::text) IS NOT NULL THEN format(
           'INSERT INTO correlate.group_scope AS g (scope, rewritten) SELECT DISTINCT scope, 1 FROM (%s) d ORDER BY scope'
           ' ON CONFLICT (scope) DO UPDATE SET (config_digest, rewritten) = (NULL, g.rewritten + 1);',
           CASE WHEN $2::text = 'ingest.log'
                THEN format('SELECT d.scope FROM correlate.delivery d JOIN %s l USING (stream_id, record_offset, idx)'
                            ' WHERE d.kind = ''log'' AND NOT EXISTS (SELECT FROM ingest.log_kept k WHERE k.stream_id = d.stream_id'
                            ' AND k.record_offset = d.record_offset AND k.idx = d.idx)', $1::text)
                ELSE format('SELECT d.scope FROM correlate.delivery d JOIN'
                            ' (SELECT stream_id, min(first_offset) AS lo, max(coalesce(offsets[records], first_offset + records - 1)) AS hi'
                            ' FROM %s GROUP BY stream_id) s USING (stream_id)'
                            ' WHERE d.record_offset BETWEEN s.lo AND s.hi AND NOT EXISTS (SELECT FROM evidence.kept k'
                            ' WHERE k.stream_id = d.stream_id AND k.record_offset = d.record_offset)', $1::text)
           END) ELSE '' END
       || format('DROP TABLE IF EXISTS %s; DELETE FROM evidence.partition WHERE name = %L', $1::text, $1::text)
