create table if not exists script_runs (id int generated always as identity);
