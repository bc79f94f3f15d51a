-- Until the end of the transaction: a part asks for few rows of tables that may hold very many, each by an index, whatever a plan
-- that was made when they held few thinks of it. What is asked for is not looked for among all of a scope that was put by (material)
-- or found by one half of its name (bitmapscan).
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
       set_config('enable_material', 'off', true), set_config('enable_bitmapscan', 'off', true)
