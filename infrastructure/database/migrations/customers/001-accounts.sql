-- Everything personal is in this database and nowhere else, so that it can be erased here.

create table accounts (
  customer_id uuid primary key,
  email text not null,
  -- The address in lower case, computed by the application: two databases may lower letters differently.
  email_key text collate "C" not null unique,
  name text not null,
  -- scrypt$N$r$p$salt$hash
  password_hash text not null,
  registered_at timestamptz not null,
  -- Failed sign-ins in a row, the last of them, and until when no password is accepted.
  failures integer not null default 0,
  failed_at timestamptz,
  no_password_before timestamptz,
  -- Since when an operator has it locked.
  locked_at timestamptz
) with (fillfactor = 80);

create table sign_ins (
  sign_in_id uuid primary key,
  customer_id uuid not null references accounts on delete cascade,
  -- SHA-256 of the secret that the customer's browser holds; it has 256 random bits and needs no salt.
  secret_hash bytea not null unique,
  signed_in_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- Signed out: orders placed before stay authenticated. Revoked: those not authenticated yet are rejected.
  ended_at timestamptz,
  revoked_at timestamptz
) with (fillfactor = 80);

create index sign_ins_of_customer on sign_ins (customer_id);

-- Rows are added and erased, never changed. json, not jsonb: it keeps every character a customer may type.
create table contact_snapshots (
  contact_snapshot_id uuid primary key,
  customer_id uuid not null,
  contact json not null,
  kept_at timestamptz not null default now()
);

create index contact_snapshots_of_customer on contact_snapshots (customer_id);

-- A shop's own number for a customer: one account for each number and one number for each account.
create table shop_customers (
  issuer text collate "C" not null,
  customer_reference text collate "C" not null,
  customer_id uuid not null references accounts on delete cascade,
  primary key (issuer, customer_reference),
  unique (customer_id, issuer)
);

-- Carts as shops handed them over, under the order each becomes. Rows are only added.
create table carts (
  order_id uuid primary key,
  issuer text not null,
  token_id text not null,
  draft json not null,
  expires_at timestamptz not null
);

-- Counts a failed sign-in unless the account takes no password just then, and lets it take none for the seconds that the
-- schedule has for that many failures in a row; its last entry holds for all further ones. The count need not survive a power cut, and not
-- waiting for the disk makes this take as long as for an unknown account (null).
create function count_failed_sign_in(
  of_customer uuid, as_of timestamptz, pause_schedule double precision[], forgotten_before timestamptz
) returns void language plpgsql as $$
declare
  account accounts;
  counted integer;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into account from accounts
    where customer_id = of_customer and (no_password_before is null or no_password_before <= as_of) for update;
  if found then
    counted := case when account.failed_at > forgotten_before then account.failures + 1 else 1 end;
    update accounts
      set failures = counted, failed_at = as_of,
          no_password_before =
            as_of + make_interval(secs => pause_schedule[least(counted, cardinality(pause_schedule))])
      where customer_id = of_customer;
  end if;
end $$;

-- Locks an account and revokes its sign-ins. A statement each: the second must see a sign-in whose opening the first
-- had to wait for. False when there is no such account.
create function lock_account(of_customer uuid, as_of timestamptz) returns boolean language plpgsql as $$
begin
  update accounts set locked_at = coalesce(locked_at, as_of) where customer_id = of_customer;
  if not found then
    return false;
  end if;
  update sign_ins set revoked_at = as_of where customer_id = of_customer and revoked_at is null;
  return true;
end $$;
