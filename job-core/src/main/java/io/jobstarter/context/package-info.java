/**
 * What a job takes along from the thread that enqueues it to the thread that runs it.
 */
@NullMarked
package io.jobstarter.context;

import org.jspecify.annotations.NullMarked;
