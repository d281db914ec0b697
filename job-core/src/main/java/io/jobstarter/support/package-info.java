/**
 * What several packages of the engine need and no one of them owns. Internal.
 */
@NullMarked
package io.jobstarter.support;

import org.jspecify.annotations.NullMarked;
