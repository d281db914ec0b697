package io.jobstarter.autoconfigure.actuate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a stack trace without its messages tells where, and nothing of the data.
 */
class StackFramesTests {

	@Test
	void keepsClassesAndFrames() {
		assertThat(StackFrames.of("""
				java.lang.IllegalStateException: card 4111 is void
				and secret
					at app//com.acme.Pay.charge(Pay.java:7)
					at com.acme.Pay$$SpringCGLIB$$0.charge(<generated>)
					at java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Unknown Source)
					at java.base@17.0.9/java.lang.Thread.run(Thread.java:840)
					… 12 more
					Suppressed: com.acme.Closed: secret
						at com.acme.Pool.<init>(Pool.java:1)
				Caused by: java.io.IOException: secret
					at com.acme.Net.call(Native Method)
				""")).isEqualTo("""
				java.lang.IllegalStateException
					at app//com.acme.Pay.charge(Pay.java:7)
					at com.acme.Pay$$SpringCGLIB$$0.charge(<generated>)
					at java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Unknown Source)
					at java.base@17.0.9/java.lang.Thread.run(Thread.java:840)
					… 12 more
					Suppressed: com.acme.Closed
						at com.acme.Pool.<init>(Pool.java:1)
				Caused by: java.io.IOException
					at com.acme.Net.call(Native Method)
				""");
	}

	@Test
	void takesNoLineOfAMessageForAFrame() {
		assertThat(StackFrames.of("a.B: x\nat secret\n\tat secret\n\tat secret(not a frame!)\nCaused by: secret\n"))
			.isEqualTo("a.B\n");
		assertThat(StackFrames.of("")).isEmpty();
	}

}
