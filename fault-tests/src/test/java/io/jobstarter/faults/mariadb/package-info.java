/**
 * MariaDB, alone and as a Galera cluster, that fails under running nodes.
 */
@NullMarked
package io.jobstarter.faults.mariadb;

import org.jspecify.annotations.NullMarked;
