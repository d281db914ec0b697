/**
 * Real database servers for the project's own tests, without Docker.
 */
@NullMarked
package io.jobstarter.testdatabases;

import org.jspecify.annotations.NullMarked;
