package io.jobstarter.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.jobstarter.JobAttempt;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Several permits, asked in turn: the first that refuses decides, and those that granted
 * before it hear that they were not used.
 */
final class CombinedPermits {

	private static final Log logger = LogFactory.getLog(CombinedPermits.class);

	private static final int MAX_SHOWN = 500;

	private final List<JobPermits> permits;

	CombinedPermits(List<JobPermits> permits) {
		this.permits = List.copyOf(permits);
	}

	Permission ask(JobDefinition definition, @Nullable Object payload, JobAttempt attempt) {
		All granted = new All();
		try {
			for (JobPermits asked : this.permits) {
				Permission permission = asked.ask(definition, payload, attempt);
				if (!(permission instanceof Permission.Granted more)) {
					granted.unused();
					return permission;
				}
				if (more != Permission.UNLIMITED) {
					granted.permissions.add(more);
				}
			}
			return granted.permissions.isEmpty() ? Permission.UNLIMITED : granted;
		}
		catch (Throwable ex) {
			granted.unused();
			throw ex;
		}
	}

	/**
	 * All that were granted.
	 */
	private static final class All implements Permission.Granted {

		private final List<Permission.Granted> permissions = new ArrayList<>();

		@Override
		public void unused() {
			tell(Permission.Granted::unused);
		}

		@Override
		public void ended(Permission.Ending ending) {
			tell((permission) -> permission.ended(ending));
		}

		private void tell(Consumer<Permission.Granted> what) {
			for (Permission.Granted permission : this.permissions) {
				try {
					what.accept(permission);
				}
				catch (Throwable ex) {
					logger.error("A permit failed to count an attempt: " + CleanText.oneLine(ex, MAX_SHOWN));
				}
			}
		}

	}

}
