/**
 * Claims jobs, hands them to the execution, settles them, and keeps the lease.
 */
@NullMarked
package io.jobstarter.worker;

import org.jspecify.annotations.NullMarked;
