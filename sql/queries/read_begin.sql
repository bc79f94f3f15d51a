-- script: one view of all tables for everything that is read until the end.
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY
