create table customers (name varchar(100));
create table if not exists migrations (id int generated always as identity, process varchar(100));
