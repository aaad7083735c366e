insert into script_runs default values;
