-- Version 2 of the fixture store: runs of connections, how they go, and who has let the vendor act for
-- them. Read schema/fixtures.sql first: this is what comes on top of it.

-- 0: GET /export/authorizationinformation says false of this user, who may then start no run of a
-- connection of authenticationType User.
alter table users add column authorized integer not null default 1 check (authorized in (0, 1));

-- One run of a connection: when it began and how it goes. What state it is in is nowhere written: it
-- follows from the time that it is looked at (server/world/run_course.h).
create table runs (
  id            text primary key not null check (id <> ''),
  connection_id text not null references connections on delete cascade,
  start_time    text not null
    constraint "start_time is a time in UTC such as 2030-01-01T00:00:00Z"
    check (start_time is strftime('%Y-%m-%dT%H:%M:%SZ', start_time, '+0 days') or start_time is strftime('%Y-%m-%dT%H:%M:%fZ', start_time, '+0 days')),
  outcome       text not null check (outcome in ('Success', 'Error', 'PartialSuccess', 'Skipped', 'Cancelled', 'TimedOut')),
  queued_ms     integer not null check (queued_ms >= 0),   -- from the start until a job takes it up
  running_ms    integer not null check (running_ms >= 0),  -- from then until it is completed
  error         text check (error is null or json_valid(error))             -- members of a failed task's error that are not the documented example's
) strict;
create index runs_of_connection on runs (connection_id);

-- How runs go that a client starts: of one connection, or ('*') of all that have no plan of their own.
create table run_plans (
  id              text primary key not null,
  connection_id   text references connections on delete cascade check (connection_id is nullif(id, '*')),
  outcome         text not null check (outcome in ('Success', 'Error', 'PartialSuccess', 'Skipped', 'Cancelled', 'TimedOut')),
  queued_ms       integer not null check (queued_ms >= 0),
  running_ms      integer not null check (running_ms >= 0),
  simultaneous_ms integer not null check (simultaneous_ms >= 0),  -- for so long another start counts as simultaneous: 409
  error           text check (error is null or json_valid(error))
) strict;

-- GET /export/connections lists the connections of an iModel.
create index connections_of_i_model on connections (i_model_id);
