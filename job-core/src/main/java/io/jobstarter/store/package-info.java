/**
 * What the engine needs from a database. An SPI: it may change in minor releases.
 */
@NullMarked
package io.jobstarter.store;

import org.jspecify.annotations.NullMarked;
