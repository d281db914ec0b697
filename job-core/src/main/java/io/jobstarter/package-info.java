/**
 * The API of Job Starter: what applications declare, inject, throw and listen to.
 */
@NullMarked
package io.jobstarter;

import org.jspecify.annotations.NullMarked;
