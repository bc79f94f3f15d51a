-- The planner is told how much the tables of groups hold.
SELECT correlate.analyze_groups()
