package io.jobstarter.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CauseChainTests {

	@Test
	void goesFromTheOutsideIn() {
		Exception inner = new Exception("inner");
		Exception outer = new Exception("outer", inner);
		assertThat(CauseChain.of(outer)).containsExactly(outer, inner);
	}

	@Test
	void visitsEachOfACircleOnce() {
		Exception one = new Exception("one");
		Exception two = new Exception("two", one);
		one.initCause(two);
		assertThat(CauseChain.of(one)).containsExactly(one, two);
	}

	@Test
	void endsWhereGetCauseThrows() {
		Exception hostile = new Exception() {
			@Override
			public synchronized Throwable getCause() {
				throw new IllegalStateException("no cause for you");
			}
		};
		assertThat(CauseChain.of(new Exception(hostile))).hasSize(2);
	}

	@Test
	void endsAfterAHundredOfAnEndlessChain() {
		assertThat(CauseChain.of(new Endless())).hasSize(100);
	}

	private static final class Endless extends Exception {

		private static final long serialVersionUID = 1L;

		@Override
		public synchronized Throwable getCause() {
			return new Endless();
		}

	}

}
