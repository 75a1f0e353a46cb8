-- The fixture store: what the emulator pretends exists, and who may see it.
--
-- Written to be read, and to be edited by hand: `sqlite3 STORE` while the emulator runs shows in
-- the very next answer. Every CHECK and REFERENCES here is also the last judge of fixture files:
-- a row that this file refuses does not get in, whichever way it came.
--
-- Row order (rowid) is the order of the fixture file. Ids are opaque and compared byte for byte.

-- One export connection, as GET /export/connections/{connectionId} answers it. A NULL column is a
-- member that the answer leaves out: only the id is always there. Links are kept verbatim and
-- never invented; the documented examples' links do not match their ids either.
create table connections (
  id                  text primary key not null check (id not in ('', '*')),  -- '*' means "all" in fixture files
  i_model_id          text,
  i_twin_id           text,
  display_name        text,
  authentication_type text check (authentication_type in ('User', 'Service')),
  i_model_href        text,  -- _links.iModel.href
  i_twin_href         text,  -- _links.iTwin.href
  project_href        text,  -- _links.project.href: the name in the page's table; its example says iTwin
  last_run_href       text   -- _links.lastRun.href
) strict;

-- Somebody a token can act for.
create table users (
  id        text primary key not null check (id <> ''),
  reads_all integer not null default 0 check (reads_all in (0, 1))  -- 1: "connections": ["*"]
) strict;

-- Who may read which connection. A missing row is a 403 for that user.
create table readers (
  user_id       text not null references users on delete cascade,
  connection_id text not null references connections on delete cascade,
  primary key (user_id, connection_id)
) strict;

-- An application registered with the vendor (OAuth client_id). Calls are metered per client.
create table clients (
  id         text primary key not null check (id <> ''),
  secret     text,                                              -- for the token endpoint; NULL: a public client
  tier       text not null check (tier in ('trial', 'community', 'basic', 'standard', 'premium', 'custom')),
  user_id    text references users,                             -- whom its tokens act for when they name no user
  registered integer not null default 1 check (registered in (0, 1))  -- 0: its tokens get the unknown-client 401
) strict;

-- Limits of one client in place of its tier's. All of them hold together.
create table client_rate_limits (
  client_id text    not null references clients on delete cascade,
  seconds   integer not null check (seconds between 1 and 31536000),  -- length of the window
  max_calls integer not null check (max_calls >= 0),                  -- 0: every call is a 429
  primary key (client_id, seconds)
) strict;

-- Where an authorization code may be sent to.
create table client_redirect_uris (
  client_id text not null references clients on delete cascade,
  uri       text not null check (uri <> ''),
  primary key (client_id, uri)
) strict;

-- An access token that the emulator accepts, or refuses for a reason it can name.
-- Valid when not_before <= now < expires; NULL is no bound on that side. ('+0 days' makes strftime
-- find out that there is no 30th of February.)
create table tokens (
  token      text primary key not null check (token <> ''),     -- a secret: never logged
  name       text not null unique check (name <> ''),           -- what logs and URLs call it
  user_id    text references users,                             -- NULL: the client's user
  client_id  text not null references clients,
  scopes     text not null,                                     -- separated by one space, as OAuth writes them
  issuer     text,                                              -- NULL: the accepted issuer
  not_before text
    constraint "not_before is a time in UTC such as 2030-01-01T00:00:00Z"
    check (not_before is strftime('%Y-%m-%dT%H:%M:%SZ', not_before, '+0 days') or not_before is strftime('%Y-%m-%dT%H:%M:%fZ', not_before, '+0 days')),
  expires    text
    constraint "expires is a time in UTC such as 2030-01-01T00:00:00Z"
    check (expires is strftime('%Y-%m-%dT%H:%M:%SZ', expires, '+0 days') or expires is strftime('%Y-%m-%dT%H:%M:%fZ', expires, '+0 days'))
) strict;
