/**
 * What a run has left in the database, and the judgement.
 */
@NullMarked
package io.jobstarter.faults.oracle;

import org.jspecify.annotations.NullMarked;
