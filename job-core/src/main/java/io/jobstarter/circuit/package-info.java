/**
 * Circuit breakers of the whole fleet: each node counts by itself, and the database says
 * what all of them let through.
 */
@NullMarked
package io.jobstarter.circuit;

import org.jspecify.annotations.NullMarked;
