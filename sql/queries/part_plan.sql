-- Until the end of the transaction: a part asks for few rows of tables that may hold very many, each by an index, whatever a plan
-- that was made when they held few thinks of it.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
