package io.jobstarter.faults.fleet;

import java.util.Optional;

import io.jobstarter.faults.fleet.Standstill.Pause;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Takes a failure for no failure, and says so, if the machine stood still meanwhile: then
 * nodes lost leases that nobody took from them. JUnit finds this by itself.
 */
public final class StandstillExtension
		implements BeforeAllCallback, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

	private static final Namespace NAMESPACE = Namespace.create(StandstillExtension.class);

	@Override
	public void beforeAll(ExtensionContext context) {
		context.getStore(NAMESPACE).put("begin", System.nanoTime());
		Standstill.longestSince(System.nanoTime());
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		judge(context, failure);
	}

	@Override
	public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		judge(context, failure);
	}

	@Override
	public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		judge(context, failure);
	}

	private static void judge(ExtensionContext context, Throwable failure) throws Throwable {
		Optional<Pause> pause = Standstill.longestSince(context.getStore(NAMESPACE).get("begin", Long.class));
		if (pause.isPresent() && !(failure instanceof TestAbortedException)) {
			throw new TestAbortedException(pause.get() + ", so this proves nothing: " + failure, failure);
		}
		throw failure;
	}

}
