-- What mail servers and their users told of e-mail addresses; an address may belong to an account, to a contact
-- snapshot only, or by now to nobody.
create table address_marks (
  -- Computed by the application: lower case, the domain in ASCII.
  address_key text collate "C" primary key,
  reason text not null check (reason in ('bounced_permanently', 'bounced_transiently', 'complained')),
  marked_at timestamptz not null
);
