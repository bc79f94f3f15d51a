-- command: closed days of log lines are looked up by trace. What an earlier run began and did not end is begun anew.
SELECT CASE WHEN n.parent IS DISTINCT FROM 'ingest.log'::regclass OR n.indisvalid THEN 'SELECT'
            WHEN NOT n.indisvalid THEN format('REINDEX INDEX CONCURRENTLY %s', n.index)
            ELSE format('CREATE INDEX CONCURRENTLY %I ON %s (trace_id) WHERE trace_id IS NOT NULL', n.name || '_trace', $1::text)
       END
FROM (SELECT c.relname AS name, h.inhparent::regclass AS parent, i.indexrelid::regclass AS index, i.indisvalid
      FROM pg_class c
      LEFT JOIN pg_inherits h ON h.inhrelid = c.oid
      LEFT JOIN pg_index i ON i.indrelid = c.oid
           AND i.indexrelid = to_regclass(format('ingest.%I', c.relname || '_trace'))
      WHERE c.oid = $1::regclass) n
