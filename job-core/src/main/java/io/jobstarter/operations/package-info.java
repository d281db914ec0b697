/**
 * The operators' API over a database.
 */
@NullMarked
package io.jobstarter.operations;

import org.jspecify.annotations.NullMarked;
