/**
 * The life of a job: a property test against a real database, and a model that is
 * explored in all its states.
 */
@NullMarked
package io.jobstarter.faults.life;

import org.jspecify.annotations.NullMarked;
