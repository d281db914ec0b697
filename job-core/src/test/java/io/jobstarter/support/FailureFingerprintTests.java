package io.jobstarter.support;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FailureFingerprint}.
 */
class FailureFingerprintTests {

	private static final String TRACE = """
			shop.OrderException: order 4711
			\tat shop.Orders.place(Orders.java:10)
			\tat shop.OrderJob.handle(OrderJob.java:20)
			\tat java.base/java.lang.Thread.run(Thread.java:840)
			Caused by: java.net.ConnectException: refused
			\tat java.base/sun.nio.ch.Net.connect0(Native Method)
			\tat app//shop.Mail.send(Mail.java:30)
			\tat shop.Mail.lambda$all$3(Mail.java:40)
			\t… 2 more
			""";

	private static String of(String errorClass, String trace) {
		return FailureFingerprint.of(DeadReason.EXHAUSTED, new JobFailure(errorClass, "a message", trace));
	}

	private static String of(String trace) {
		return of("shop.OrderException", trace);
	}

	@Test
	void isSixteenHexadecimalDigits() {
		assertThat(of(TRACE)).matches("[0-9a-f]{16}");
	}

	// Stored for months, and compared by people: another algorithm would part what
	// belongs together.
	@Test
	void staysTheSameInEveryRelease() {
		assertThat(of(TRACE)).isEqualTo("db1bea3da6c3d1ae");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			order 4711             | order 4712 of 2025-01-01
			Mail.java:30           | Mail.java:31
			java.lang.Thread.run   | jdk.internal.misc.Carrier.run
			lambda$all$3           | lambda$all$12
			app//shop.Mail.send    | shop.Mail.send
			… 2 more               | … 17 more
			""")
	void isTheSameWhatever(String one, String other) {
		assertThat(of(TRACE.replace(one, other))).isEqualTo(of(TRACE));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			shop.Mail.send            | shop.Mail.sendAgain
			java.net.ConnectException | java.net.UnknownHostException
			shop.Orders.place         | shop.Orders.cancel
			""")
	void isAnotherForAnother(String one, String other) {
		assertThat(of(TRACE.replace(one, other))).isNotEqualTo(of(TRACE));
	}

	@Test
	void isAnotherForAnotherException() {
		assertThat(of("shop.OtherException", TRACE)).isNotEqualTo(of(TRACE));
	}

	@ParameterizedTest
	@CsvSource({ "shop.Mail$$SpringCGLIB$$0.send(<generated>)", "shop.Mail$$SpringCGLIB$$1.CGLIB$send$0(<generated>)",
			"jdk.proxy2/jdk.proxy2.$Proxy31.send(Unknown Source)",
			"shop.Mail$$Lambda$14/0x0000000800c03000.run(Unknown)",
			"shop.Mail$$Lambda/0x00007f3c1c0a1b20.run(Unknown Source)",
			"java.base/jdk.internal.reflect.GeneratedMethodAccessor12.invoke(Unknown Source)",
			"java.base/java.lang.invoke.LambdaForm$MH/0x0000000800c8.invoke(LambdaForm$MH)" })
	void doesNotSeeGeneratedCode(String frame) {
		String call = "\tat shop.Mail.lambda$all$3";
		assertThat(of(TRACE.replace(call, "\tat " + frame + "\n" + call))).isEqualTo(of(TRACE));
	}

	@Test
	void seesTheRootCauseHoweverOftenItIsWrapped() {
		assertThat(of(TRACE.replace("Caused by: ",
				"Caused by: x.Wrapper: y\n\tat shop.Orders.wrap(Orders.java:1)\n" + "Caused by: ")))
			.isNotEqualTo(of(TRACE.replace("Caused by: java.net.ConnectException", "Caused by: x.Wrapper")));
	}

	@Test
	void aCrashAndAnUnreadablePayloadAreKindsOfTheirOwn() {
		JobFailure failure = new JobFailure("x", "y", TRACE);
		assertThat(FailureFingerprint.of(DeadReason.CRASH, failure)).isEqualTo("crash");
		assertThat(FailureFingerprint.of(DeadReason.UNREADABLE, failure)).isEqualTo("unreadable");
	}

	@ParameterizedTest
	@CsvSource({ "''", "'\tat '", "'\n\n'", "'Caused by: '", "'a: b\n\tat (\n\tat x/\n'" })
	void anyTextWillDo(String trace) {
		assertThat(of(trace)).matches("[0-9a-f]{16}");
	}

}
