package io.jobstarter.sample.replay;

import java.time.Instant;
import java.util.UUID;

import io.jobstarter.sample.delivery.DeliveryStatus;
import io.jobstarter.sample.delivery.DeliveryView;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PostReportTests {

	private final PostReport report = new PostReport();

	@Test
	void isCompleteWhenEveryPostLeftWhatItShould() {
		posted("push", 2);
		redelivered("push", 1);
		found("push", DeliveryStatus.PROCESSED, 1);
		found("push", DeliveryStatus.IGNORED, 0);
		assertThat(this.report.isComplete()).isTrue();
		assertThat(this.report.toString()).doesNotContain("not as it should be");
	}

	@Test
	void isNotCompleteWhenADeliveryIsNotStored() {
		posted("push", 1);
		assertThat(this.report.isComplete()).isFalse();
		assertThat(this.report.toString()).contains("not as it should be");
	}

	@Test
	void isNotCompleteWhenADeliveryIsNotProcessed() {
		posted("push", 1);
		found("push", DeliveryStatus.WAITING, 0);
		assertThat(this.report.isComplete()).isFalse();
	}

	@Test
	void isNotCompleteWhenARedeliveryWasNotRecognised() {
		posted("push", 1);
		redelivered("push", 1);
		found("push", DeliveryStatus.PROCESSED, 0);
		assertThat(this.report.isComplete()).isFalse();
	}

	@Test
	void isNotCompleteWhenAJobIsDead() {
		posted("push", 1);
		found("push", DeliveryStatus.PROCESSED, 0);
		this.report.of("push").dead++;
		assertThat(this.report.isComplete()).isFalse();
	}

	private void posted(String event, int times) {
		this.report.of(event).posted += times;
	}

	private void redelivered(String event, int times) {
		this.report.of(event).posted += times;
		this.report.of(event).redelivered += times;
	}

	private void found(String event, DeliveryStatus status, int duplicates) {
		this.report.of(event)
			.count(new DeliveryView(UUID.randomUUID(), event, status, Instant.EPOCH, null, duplicates));
	}

}
