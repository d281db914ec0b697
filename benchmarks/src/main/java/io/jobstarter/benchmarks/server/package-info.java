/**
 * The database server and what it costs.
 */
@NullMarked
package io.jobstarter.benchmarks.server;

import org.jspecify.annotations.NullMarked;
