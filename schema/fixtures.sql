-- The fixture store: the resources that the emulator serves, and who may read them.
--
-- You can edit a store with `sqlite3 STORE` while the emulator runs: the next response shows the
-- change. The constraints here also validate fixture files: the store accepts no row that breaks one.
--
-- Row order (rowid) is the order of the fixture file. Ids are opaque and compared byte by byte.

-- An export connection, as GET /export/connections/{connectionId} returns it. A NULL column is a member
-- that the response leaves out. Links are kept as written and never generated; the links in the
-- documented examples do not match their ids either.
create table connections (
  id                  text primary key not null check (id not in ('', '*')),  -- '*' means all connections in fixture files
  i_model_id          text,
  i_twin_id           text,
  display_name        text,
  authentication_type text check (authentication_type in ('User', 'Service')),
  i_model_href        text,  -- _links.iModel.href
  i_twin_href         text,  -- _links.iTwin.href
  project_href        text,  -- _links.project.href: the name in the page's table; the example says iTwin
  last_run_href       text   -- _links.lastRun.href
) strict;

-- A user for whom a token can act.
create table users (
  id        text primary key not null check (id <> ''),
  reads_all integer not null default 0 check (reads_all in (0, 1))  -- 1: "connections": ["*"]
) strict;

-- The connections that a user may read. Without a row, the user gets a 403.
create table readers (
  user_id       text not null references users on delete cascade,
  connection_id text not null references connections on delete cascade,
  primary key (user_id, connection_id)
) strict;

-- An application registered with the vendor (OAuth client_id). Rate limits apply per client.
create table clients (
  id         text primary key not null check (id <> ''),
  secret     text,                                              -- for the token endpoint; NULL: a public client
  tier       text not null check (tier in ('trial', 'community', 'basic', 'standard', 'premium', 'custom')),
  user_id    text references users,                             -- the user of its tokens that name none
  registered integer not null default 1 check (registered in (0, 1))  -- 0: its tokens get the 401 for an unknown client
) strict;

-- Limits of a client, which replace those of its tier. All apply at once.
create table client_rate_limits (
  client_id text    not null references clients on delete cascade,
  seconds   integer not null check (seconds between 1 and 31536000),  -- length of the window
  max_calls integer not null check (max_calls >= 0),                  -- 0: every call is a 429
  primary key (client_id, seconds)
) strict;

-- The allowed redirect URIs for authorization codes.
create table client_redirect_uris (
  client_id text not null references clients on delete cascade,
  uri       text not null check (uri <> ''),
  primary key (client_id, uri)
) strict;

-- An access token that the emulator knows.
-- Valid if not_before <= now < expires; NULL: no bound. ('+0 days' makes strftime reject February 30.)
create table tokens (
  token      text primary key not null check (token <> ''),     -- a secret: never logged
  name       text not null unique check (name <> ''),           -- its name in logs and URLs
  user_id    text references users,                             -- NULL: the client's user
  client_id  text not null references clients,
  scopes     text not null,                                     -- separated by one space, as in OAuth
  issuer     text,                                              -- NULL: the accepted issuer
  not_before text
    constraint "not_before is a time in UTC such as 2030-01-01T00:00:00Z"
    check (not_before is strftime('%Y-%m-%dT%H:%M:%SZ', not_before, '+0 days') or not_before is strftime('%Y-%m-%dT%H:%M:%fZ', not_before, '+0 days')),
  expires    text
    constraint "expires is a time in UTC such as 2030-01-01T00:00:00Z"
    check (expires is strftime('%Y-%m-%dT%H:%M:%SZ', expires, '+0 days') or expires is strftime('%Y-%m-%dT%H:%M:%fZ', expires, '+0 days'))
) strict;
