--liquibase formatted sql

--changeset shop:customer
create table customer (name varchar(100) not null);
