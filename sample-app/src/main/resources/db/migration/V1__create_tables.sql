-- The application's own tables. Those of the jobs are created by Job Starter, with a history of their own.
-- The same statements run on PostgreSQL and H2.

create table delivery (
    id           uuid                        not null primary key,
    event        varchar(100)                not null,
    body         text                        not null,
    status       varchar(20)                 not null,
    received_at  timestamp(6) with time zone not null,
    processed_at timestamp(6) with time zone,
    duplicates   integer                     not null
);

create index delivery_event on delivery (event, status);

-- What the deliveries tell. There are no foreign keys: deliveries come in any order.

create table github_repository (
    id          bigint                      not null primary key,
    full_name   varchar(255)                not null,
    private     boolean                     not null,
    archived    boolean                     not null,
    deleted     boolean                     not null,
    stars       integer                     not null,
    updated_at  timestamp(6) with time zone not null,
    finality    integer                     not null,
    delivery_id uuid                        not null
);

create table github_issue (
    id            bigint                      not null primary key,
    repository_id bigint                      not null,
    number        integer                     not null,
    title         varchar(1024)               not null,
    state         varchar(20)                 not null,
    updated_at    timestamp(6) with time zone not null,
    finality      integer                     not null,
    delivery_id   uuid                        not null
);

create table github_pull_request (
    id            bigint                      not null primary key,
    repository_id bigint                      not null,
    number        integer                     not null,
    title         varchar(1024)               not null,
    state         varchar(20)                 not null,
    draft         boolean                     not null,
    updated_at    timestamp(6) with time zone not null,
    finality      integer                     not null,
    delivery_id   uuid                        not null
);

create table github_push (
    delivery_id   uuid                        not null primary key,
    repository_id bigint                      not null,
    ref           varchar(1024)               not null,
    before_commit varchar(64)                 not null,
    after_commit  varchar(64)                 not null,
    commits       integer                     not null,
    forced        boolean                     not null,
    pusher        varchar(255),
    pushed_at     timestamp(6) with time zone
);

create table github_star (
    repository_id bigint                      not null,
    user_id       bigint                      not null,
    login         varchar(255)                not null,
    starred       boolean                     not null,
    updated_at    timestamp(6) with time zone not null,
    finality      integer                     not null,
    delivery_id   uuid                        not null,
    primary key (repository_id, user_id)
);
