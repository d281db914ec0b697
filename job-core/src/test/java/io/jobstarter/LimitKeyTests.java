package io.jobstarter;

import java.util.List;

import io.jobstarter.LimitKey.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LimitKeyTests {

	@Test
	void whatIsWrittenIsReadAgainWithTheOrderFirst() {
		LimitKey limit = LimitKey.of(Kind.CONCURRENCY, "account", "a:7");
		LimitKey order = LimitKey.of(Kind.ORDER_SKIPPING, "event", "");
		String text = LimitKey.format(List.of(limit, order));
		assertThat(text).isEqualTo("sevent:\ncaccount:a:7");
		assertThat(LimitKey.parse(text)).containsExactly(order, limit);
		assertThat(limit.group()).isEqualTo("account");
		assertThat(LimitKey.groupOf(order.id())).isEqualTo("event");
	}

	// One row that somebody has written by hand would keep a node from claiming any job.
	@Test
	void aRowThatSomebodyElseHasWrittenHarmsNobody() {
		assertThat(LimitKey.parse("\n\nc\nc:\nxlater:7\ncaccount\ncaccount:7\n"))
			.containsExactly(new LimitKey(Kind.CONCURRENCY, ":"), new LimitKey(Kind.CONCURRENCY, "account:7"));
		assertThat(LimitKey.groupOf("limit:account")).isEqualTo("account");
	}

}
