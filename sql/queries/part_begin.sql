-- script: one view of all tables for everything that a step reads and writes.
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ
