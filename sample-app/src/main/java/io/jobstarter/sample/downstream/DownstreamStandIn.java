package io.jobstarter.sample.downstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.sample.web.AdminOnly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Stands in for the downstream system, so that the sample needs nobody else, and can be
 * told to fail. For development: {@code sample.downstream.stand-in} switches it off.
 */
@RestController
@RequestMapping("/downstream")
@ConditionalOnBooleanProperty("sample.downstream.stand-in")
class DownstreamStandIn {

	private static final Logger logger = LoggerFactory.getLogger(DownstreamStandIn.class);

	private static final Duration SLOW = Duration.ofMinutes(1);

	private final AtomicLong received = new AtomicLong();

	private final RecentKeys accepted = new RecentKeys();

	private volatile DownstreamMode mode = DownstreamMode.OK;

	// The notification itself is not read: anybody may post here.
	@PostMapping("/notifications")
	DeferredResult<ResponseEntity<Void>> receive(@RequestHeader("Idempotency-Key") String key) {
		this.received.incrementAndGet();
		DownstreamMode now = this.mode;
		DeferredResult<ResponseEntity<Void>> result = new DeferredResult<>(SLOW.toMillis(),
				() -> ResponseEntity.status(HttpStatus.ACCEPTED).build());
		if (now != DownstreamMode.SLOW) {
			result.setResult(answer(now, key));
		}
		return result;
	}

	private ResponseEntity<Void> answer(DownstreamMode now, String key) {
		return switch (now) {
			case OK, SLOW -> accept(key);
			case FAIL -> ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
			case REJECT -> ResponseEntity.status(HttpStatus.UNPROCESSABLE_ENTITY).build();
			case BUSY ->
				ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS).header(HttpHeaders.RETRY_AFTER, "1").build();
			case GONE -> ResponseEntity.status(HttpStatus.GONE).build();
		};
	}

	private ResponseEntity<Void> accept(String key) {
		this.accepted.add(key);
		return ResponseEntity.accepted().build();
	}

	@GetMapping(path = "/notifications", produces = MediaType.APPLICATION_JSON_VALUE)
	State state() {
		return new State(this.mode, this.received.get(), this.accepted.size());
	}

	@AdminOnly
	@PutMapping(path = "/mode", produces = MediaType.APPLICATION_JSON_VALUE)
	State behave(@RequestParam DownstreamMode mode) {
		logger.info("The downstream stand-in behaves as told from now on: {}", mode);
		this.mode = mode;
		return state();
	}

	/**
	 * What the stand-in has seen.
	 *
	 * @param mode how it behaves
	 * @param received how many requests came, whatever the answer
	 * @param accepted how many different notifications were accepted
	 */
	record State(DownstreamMode mode, long received, long accepted) {
	}

}
