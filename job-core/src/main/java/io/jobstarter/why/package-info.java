/**
 * Tells why a job does not run: a family of reasons each, over one look at the database.
 */
@NullMarked
package io.jobstarter.why;

import org.jspecify.annotations.NullMarked;
