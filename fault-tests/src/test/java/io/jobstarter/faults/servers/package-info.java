/**
 * Database servers that end, hang, refuse and change places under nodes at work.
 */
@NullMarked
package io.jobstarter.faults.servers;

import org.jspecify.annotations.NullMarked;
