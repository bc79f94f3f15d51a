-- One view of all tables for everything the correlator reads.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY
