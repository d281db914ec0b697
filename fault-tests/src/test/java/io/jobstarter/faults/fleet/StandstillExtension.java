package io.jobstarter.faults.fleet;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Adds to a failure that the machine stood still meanwhile, if it did: then nodes may
 * have lost leases that nobody took from them. JUnit finds this by itself.
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
		Standstill.longestSince(context.getStore(NAMESPACE).get("begin", Long.class))
			.ifPresent((pause) -> failure.addSuppressed(new IllegalStateException(pause.toString())));
		throw failure;
	}

}
