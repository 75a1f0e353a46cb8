-- Version 2 of the fixture store adds runs of connections, their plans, and the users' authorization of
-- the vendor. schema/fixtures.sql is version 1.

-- 0: GET /export/authorizationinformation returns false for the user, who then cannot start a run of a
-- connection with authenticationType User.
alter table users add column authorized integer not null default 1 check (authorized in (0, 1));

-- A run of a connection: its start and timeline. Its state is not stored: it follows from the time
-- (server/fixtures/run_timeline.h).
create table runs (
  id            text primary key not null check (id <> ''),
  connection_id text not null references connections on delete cascade,
  start_time    text not null
    constraint "start_time is a time in UTC such as 2030-01-01T00:00:00Z"
    check (start_time is strftime('%Y-%m-%dT%H:%M:%SZ', start_time, '+0 days') or start_time is strftime('%Y-%m-%dT%H:%M:%fZ', start_time, '+0 days')),
  outcome       text not null check (outcome in ('Success', 'Error', 'PartialSuccess', 'Skipped', 'Cancelled', 'TimedOut')),
  queued_ms     integer not null check (queued_ms >= 0),   -- from the start until a job executes it
  running_ms    integer not null check (running_ms >= 0),  -- from then until completion
  error         text check (error is null or json_valid(error))             -- members that replace those of the documented example in a failed task's error
) strict;
create index runs_of_connection on runs (connection_id);

-- The timeline of runs that clients start: for one connection, or ('*') for all without their own plan.
create table run_plans (
  id              text primary key not null,
  connection_id   text references connections on delete cascade check (connection_id is nullif(id, '*')),
  outcome         text not null check (outcome in ('Success', 'Error', 'PartialSuccess', 'Skipped', 'Cancelled', 'TimedOut')),
  queued_ms       integer not null check (queued_ms >= 0),
  running_ms      integer not null check (running_ms >= 0),
  simultaneous_ms integer not null check (simultaneous_ms >= 0),  -- another start within this time is simultaneous: 409
  error           text check (error is null or json_valid(error))
) strict;

-- For GET /export/connections, which lists the connections of an iModel.
create index connections_of_i_model on connections (i_model_id);
