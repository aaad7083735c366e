insert into migrations (process) values ('migrated');
