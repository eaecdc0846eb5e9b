-- Idempotency keys of HTTP requests with the answers that were given. `scope` is the caller and the route.
create table request_keys (
  scope text not null,
  key text not null,
  body_hash text not null,
  claimed_at timestamptz not null,
  -- Both null until the request was answered.
  status integer,
  body text,
  primary key (scope, key),
  check ((status is null) = (body is null))
) with (fillfactor = 80);

create index request_keys_by_age on request_keys (claimed_at);
