/**
 * How nodes start: on a database without tables, all at once, beside nodes of another
 * release, or not at all.
 */
@NullMarked
package io.jobstarter.faults.starts;

import org.jspecify.annotations.NullMarked;
