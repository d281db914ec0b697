/**
 * The store on a relational database: statements, dialects, migrations.
 * {@link io.jobstarter.store.jdbc.JdbcStores} is the way in.
 * <p>
 * Statements stand in text blocks and are written for the table prefix
 * {@code background_job_}, so that they can be pasted into {@code psql}. What PostgreSQL
 * and H2 share is written once; {@link io.jobstarter.store.jdbc.Dialect} holds the rest.
 */
@NullMarked
package io.jobstarter.store.jdbc;

import org.jspecify.annotations.NullMarked;
