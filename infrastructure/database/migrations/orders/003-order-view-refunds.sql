-- The views are kept in another form and know refunds. They are derived, so they begin anew: the projector makes them
-- again from the first event.
truncate order_views, parked_orders;
delete from projections where name = 'order_views';
insert into projections (name, build, live) values ('order_views', nextval('projection_builds')::integer, true);

-- Minor units, like the other amounts.
alter table order_views add column refunded bigint not null default 0;
