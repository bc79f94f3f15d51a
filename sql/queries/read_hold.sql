-- Before the snapshot: a partition that retention takes away stays until this transaction ends.
LOCK TABLE ONLY ingest.log, ONLY evidence.segment IN ACCESS SHARE MODE
